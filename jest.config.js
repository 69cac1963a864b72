export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.js' },
  // All cores: Jest would leave one free, half of the smallest machine.
  maxWorkers: '100%',
  // No test measures time: this only ends one that hangs, on a busy machine too.
  testTimeout: 120_000,
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
};
