import { describe, expect, test } from '@jest/globals';
import { dataCenter } from '../../../connectors/jira/datacenter/dialect.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { toSnapshot } from '../../../connectors/jira/snapshot.ts';
import { wireComment, wireIssue } from '../../../connectors/jira/wire.ts';

const options = jiraOptions.parse({
  base_url: 'https://jira.example.test/jira/',
  token: 't',
  account: 'svc_bridge',
  projects: ['OSSTTMB2B'],
  fields: { solution: 'customfield_10200', team: 'customfield_10300', tags: 'labels', points: 'customfield_10400' },
  field_kinds: { customfield_10300: 'option' },
});

const bare = {
  id: 10007,
  key: 'OSSTTMB2B-7',
  fields: {
    status: { id: '3', name: 'В работе' },
    issuetype: { name: 'Дефект' },
    created: '2026-11-23T10:00:00.123+0300',
    updated: '2026-11-23T19:00:00.000+1000',
  },
};
const author = { name: 'developer.3l', displayName: 'Дмитрий Орлов' };
const said = { author, body: 'текст', created: '2026-11-23T10:00:00.000+0300' };

const snapshotOf = (issue: unknown, comments: readonly unknown[] = []) =>
  toSnapshot(
    wireIssue.parse(issue),
    comments.map((comment) => wireComment.parse(comment)),
    'jira',
    options,
    dataCenter,
  );

describe('an issue as the core sees it', () => {
  test('may lack everything that JIRA allows to lack', () => {
    const snapshot = snapshotOf(bare);

    expect(snapshot).toMatchObject({
      ref: { system: 'jira', id: '10007', key: 'OSSTTMB2B-7' },
      url: 'https://jira.example.test/jira/browse/OSSTTMB2B-7',
      title: '',
      text: '',
      priority: '',
      phase: 'open',
      fields: {},
      comments: [],
      attachments: [],
    });
    expect(snapshot).not.toHaveProperty('resolution');
    expect(snapshot).not.toHaveProperty('owner');
  });

  test.each<[string, unknown, object]>([
    ['one that is released', [{ id: '1', name: '4.2', released: true }], { released_versions: '4.2' }],
    ['one that is not', [{ id: '2', name: '4.3', released: false, archived: false }], {}],
    [
      'several',
      [
        { id: '1', name: '4.2', released: true },
        { id: '2', name: '4.3', released: false },
        { id: '3', name: 'Ночная сборка', released: true },
      ],
      { released_versions: ['4.2', 'Ночная сборка'] },
    ],
    ['none', [], {}],
    ['the field hidden', null, {}],
    ['another shape than JIRA’s', 'нет', {}],
  ])('of its versions, those that are released are a field of their own: %s', (_, fixVersions, fields) => {
    expect(snapshotOf({ ...bare, fields: { ...bare.fields, fixVersions } }).fields).toEqual(fields);
  });

  test('has its times as moments, whatever zone the account has', () => {
    const { createdAt, changedAt } = snapshotOf(bare);

    expect(createdAt.toUTC().toISO()).toBe('2026-11-23T07:00:00.123Z');
    expect(changedAt.toUTC().toISO()).toBe('2026-11-23T09:00:00.000Z');
  });

  test.each([
    ['new', 'new'],
    ['indeterminate', 'open'],
    ['done', 'done'],
    ['undefined', 'open'],
  ])('status category %s is phase %s', (category, phase) => {
    const status = { id: '1', name: 'Любой', statusCategory: { key: category } };

    expect(snapshotOf({ ...bare, fields: { ...bare.fields, status } }).phase).toBe(phase);
  });

  test('has its mapped fields by logical name, in plain words', () => {
    const fields = {
      ...bare.fields,
      customfield_10200: 'h2. Итог\n*готово*',
      customfield_10300: { self: 'x', value: '3ЛТП', id: '1' },
      customfield_10400: 5,
      labels: ['otrs', 'volga'],
    };

    expect(snapshotOf({ ...bare, fields }).fields).toEqual({
      solution: 'Итог\nготово',
      team: '3ЛТП',
      points: '5',
      tags: ['otrs', 'volga'],
    });
  });

  test.each([
    ['said to everyone', {}, 'public'],
    ['restricted to a role', { visibility: { type: 'role', value: 'Developers' } }, 'internal'],
    [
      'internal in Service Management',
      { properties: [{ key: 'sd.public.comment', value: { internal: true } }] },
      'internal',
    ],
    [
      'internal in words of a script',
      { properties: [{ key: 'sd.public.comment', value: { internal: 'true' } }] },
      'internal',
    ],
    ['with a flag that nobody can read', { properties: [{ key: 'sd.public.comment', value: null }] }, 'internal'],
    ['internal in Service Management of Cloud', { jsdPublic: false }, 'internal'],
    ['public in Service Management of Cloud', { jsdPublic: true }, 'public'],
    [
      'public in Service Management',
      { properties: [{ key: 'sd.public.comment', value: { internal: false } }] },
      'public',
    ],
  ])('a comment %s is %s', (_, rest, visibility) => {
    const [comment] = snapshotOf(bare, [{ id: '1', ...said, ...rest }]).comments;

    expect(comment?.visibility).toBe(visibility);
  });

  test.each([
    ['as it was written', '2026-11-23T10:00:00.000+0300', undefined],
    ['in another zone', '2026-11-23T07:00:00.000+0000', undefined],
    ['edited later', '2026-11-23T10:00:00.001+0300', '2026-11-23T07:00:00.001Z'],
    ['without a moment of its last change', undefined, undefined],
  ])('a comment %s tells so', (_, updated, editedAt) => {
    const [comment] = snapshotOf(bare, [{ id: 1, ...said, updated }]).comments;

    expect(comment?.editedAt?.toUTC().toISO()).toBe(editedAt);
  });

  test.each([
    ['the bridge’s', [{ key: 'otrs-jira-bridge', value: { key: 'comment:jira:17' } }], 'comment:jira:17'],
    ['another tool’s', [{ key: 'other', value: { key: 'comment:jira:17' } }], undefined],
    ['a broken', [{ key: 'otrs-jira-bridge', value: 'x' }], undefined],
  ])('%s property among others is read as marker %#', (_, properties, marker) => {
    expect(snapshotOf(bare, [{ id: '1', ...said, properties }]).comments[0]?.marker).toBe(marker);
  });

  test('comments are in the order of their ids, also beyond ten', () => {
    const { comments } = snapshotOf(
      bare,
      [10, 9, 100].map((id) => ({ id, ...said })),
    );

    expect(comments.map(({ id }) => id)).toEqual(['9', '10', '100']);
  });

  test('the comment of a deleted user has no author and is read', () => {
    expect(snapshotOf(bare, [{ ...said, id: '1', author: null }]).comments[0]?.author).toBe('');
  });
});
