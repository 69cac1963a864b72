import { describe, expect, test } from '@jest/globals';
import { faultsWith } from '../support/changed-mappings.ts';
import { shippedPolicy } from '../support/policy.ts';

describe('mappings/delays.yaml', () => {
  test('says of itself what people read: notes in Russian, half an hour, four hours', () => {
    const { after, pause, delayed, failed, mended } = shippedPolicy.delays;

    expect([after, pause]).toEqual([30 * 60_000, 4 * 3_600_000]);
    for (const { subject, text } of [delayed, failed, mended]) {
      expect(`${subject} ${text}`).toMatch(/^[^A-Z]*(?:JIRA)?[^A-Z]*$/);
    }
  });

  test('a placeholder that nothing fills is a fault with its place', async () => {
    const change = { file: 'delays.yaml', from: '{since}: {things}', to: '{since}: {thing}' };
    expect(await faultsWith(change)).toMatch(/delays\.yaml:\d+:\d+.*\{thing\}/);
  });

  test('what only one of the notes knows is unknown in the others', async () => {
    const change = { file: 'delays.yaml', from: 'Ничего не потеряно', to: 'Код: {codes}. Ничего не потеряно' };
    expect(await faultsWith(change)).toMatch(/delays\.yaml:\d+:\d+.*\{codes\}/);
  });
});
