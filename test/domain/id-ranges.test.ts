import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareIds, packIds, unpackIds } from '../../src/domain/id-ranges.ts';

describe('ids in few letters', () => {
  test.each([
    [['100/1'], '100/1'],
    [['100/10', '100/9', '100/8'], '100/8..10'],
    [['otrs:100/1', 'jira:7', 'jira:9'], 'jira:7,jira:9,otrs:100/1'],
    [['a', 'b'], 'a,b'],
    [['007', '008'], '007,008'],
  ])('%j -> %s', (ids, text) => {
    expect(packIds(ids, 100).map((each) => each.text)).toEqual([text]);
  });

  test('whatever is packed is read back', () => {
    const id = fc.oneof(fc.stringMatching(/^[1-9]\d{0,12}$/), fc.stringMatching(/^[1-9]\d{0,3}\/\d{1,4}$/));
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 60 }), fc.integer({ min: 20, max: 120 }), (ids, longest) => {
        const packed = packIds(ids, longest);

        expect(packed.flatMap(({ text }) => unpackIds(text)).toSorted()).toEqual(ids.toSorted());
        expect(packed.flatMap((each) => each.ids)).toEqual(ids.toSorted(compareIds));
        expect(packed.every(({ text }) => text.length <= Math.max(longest, 40))).toBe(true);
      }),
    );
  });

  test('a range that nobody wrote takes no memory', () => {
    expect(unpackIds('1..999999999999')).toEqual(['1..999999999999']);
    expect(unpackIds('9..1')).toEqual(['9..1']);
  });
});
