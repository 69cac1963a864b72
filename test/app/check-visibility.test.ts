import { describe, expect, test } from '@jest/globals';
import { checkVisibility } from '../../src/app/check-visibility.ts';
import { loadSettings, type Settings } from '../../src/app/config.ts';
import { policyWith } from '../support/changed-mappings.ts';

const settings = await loadSettings('config/bridge.yaml');
const carrying: Settings = {
  ...settings,
  policy: await policyWith({ file: 'comments.yaml', from: 'internal_notes: stay', to: 'internal_notes: carried' }),
};

describe('internal notes in issues', () => {
  test('are an error where nobody is named who may read them there', () => {
    expect(checkVisibility(carrying)).toEqual([
      expect.objectContaining({
        level: 'error',
        message: expect.stringMatching(/comments\.yaml .*to_issue\.internal_notes.*jira\.internal_comments/),
      }),
    ]);
  });

  test('are none with a role that may read them, and where they stay in OTRS', () => {
    const jira = { ...carrying.config.jira, internal_comments: { type: 'role', name: 'Developers' } as const };

    expect(checkVisibility({ ...carrying, config: { ...carrying.config, jira } })).toEqual([]);
    expect(checkVisibility(settings)).toEqual([]);
  });
});

test('files of issues that every requester sees are a warning, and the shipped rules have none', async () => {
  const from = /^(to_ticket:\n(?: .*\n)*? {2}visibility: )internal/m;
  const policy = await policyWith({ file: 'attachments.yaml', from, to: '$1public' });

  expect(checkVisibility({ ...settings, policy })).toEqual([
    expect.objectContaining({
      level: 'warning',
      message: expect.stringMatching(/attachments\.yaml .*to_ticket\.visibility: public.*restricted comment/),
    }),
  ]);
  expect(checkVisibility(settings)).toEqual([]);
});
