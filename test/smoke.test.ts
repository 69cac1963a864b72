import { expect, test } from '@jest/globals';

test('types are stripped by node itself', () => {
  const n: number = 1;
  expect(n).toBe(1);
});
