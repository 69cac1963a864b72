import base from '../../jest.config.js';

// The end-to-end tests install a help desk, so they run by themselves: `npm run test:otrs`.
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: undefined,
  // Each test waits for its help desk most of the time.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/e2e/longest-first.js',
  testTimeout: 60_000,
};
