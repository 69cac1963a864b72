import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Action } from '../../src/domain/action.ts';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve, evolveRefused } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Attachment, Comment, Snapshot } from '../../src/domain/ticket.ts';
import { faultsWith, policyWith } from '../support/changed-mappings.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, NOW } from '../support/records.ts';

const policy = quietPolicy;
const first = aComment({ id: '100', by: 'requester' });

const ofTicket = (changes: Partial<Attachment> = {}): Attachment => ({
  id: '100/1',
  name: 'экран.png',
  contentType: 'image/png',
  size: 1000,
  commentId: '100',
  ...changes,
});

function ofIssue(changes: Partial<Attachment> = {}): Attachment {
  const { commentId: _, ...file } = ofTicket({ id: '20001', name: 'сборка.zip', ...changes });
  return file;
}

const factsWith = (ticket: Partial<Snapshot>, issue: Partial<Snapshot> = {}, done: Record<string, string> = {}) => {
  const facts = agreedFacts({ comments: [first], ...ticket }, issue);
  return { ...facts, link: { ...facts.link, done: { ...facts.link.done, ...done } } };
};

const actionsOn = (facts: Facts, rules: Policy = policy) => decide(facts, rules, NOW).actions;
const keysOn = (facts: Facts, rules?: Policy) => actionsOn(facts, rules).map(({ key }) => key);

async function reading(file: string, from: string, to: string): Promise<Policy> {
  const { attachments, comments } = await policyWith({ file, from, to });
  return { ...policy, attachments, comments };
}

/** Lets everything take effect; ids are given out one after the other. */
function settled(facts: Facts, rules: Policy = policy): Facts {
  return actionsOn(facts, rules).reduce(
    (known, action, index) => evolve(known, action, { system: 'x', id: String(90_000 + index) }, NOW),
    facts,
  );
}

describe('R10: permitted files go to the other side', () => {
  test('each once, in the order of their ids and after everything else', () => {
    const facts = factsWith({
      comments: [first, aComment({ id: '101' })],
      attachments: [ofTicket({ id: '100/10' }), ofTicket({ id: '100/2' })],
    });

    expect(keysOn(facts)).toEqual(['comment:jira:101', 'attach:jira:100/2', 'attach:jira:100/10']);
    expect(keysOn(settled(facts))).toEqual([]);
  });

  test('with the name and the size that they have, from where they are', () => {
    expect(actionsOn(factsWith({ attachments: [ofTicket()] }))).toMatchObject([
      {
        do: 'attach',
        ref: { system: 'jira' },
        file: { name: 'экран.png', contentType: 'image/png', size: 1000 },
        source: { from: { system: 'otrs', id: '42' }, attachment: { id: '100/1' } },
        besides: [],
      },
    ]);
  });

  test('a file of the issue comes with words of the mapping', () => {
    expect(actionsOn(factsWith({}, { attachments: [ofIssue({ size: 2_621_440 })] }))).toMatchObject([
      {
        key: 'attach:otrs:20001',
        ref: { system: 'otrs' },
        note: {
          visibility: 'internal',
          subject: 'Файл из задачи OSSTTMB2B-1',
          text: 'К задаче OSSTTMB2B-1 приложен файл «сборка.zip» (2,5 МБ).',
        },
      },
    ]);
  });

  test('without an issue nothing goes and nobody is told', () => {
    const { issue: _, ...facts } = factsWith({
      attachments: [ofTicket(), ofTicket({ id: '100/2', name: 'вирус.exe' })],
    });

    expect(keysOn(facts)).toEqual([]);
  });

  test('an empty file goes as well', () => {
    expect(keysOn(factsWith({ attachments: [ofTicket({ size: 0 })] }))).toEqual(['attach:jira:100/1']);
  });

  test.each<[string, Attachment, Comment]>([
    ['a file that the bridge put there', ofTicket({ isOwn: true }), first],
    ['a file with a mark of the bridge', ofTicket({ marker: 'attach:otrs:5' }), first],
    [
      'a file of an article that the bridge wrote',
      ofTicket({ commentId: '101' }),
      aComment({ id: '101', marker: 'x' }),
    ],
    ['a file of an automatic letter', ofTicket({ commentId: '101' }), aComment({ id: '101', by: 'system' })],
    ['a file of an internal note', ofTicket({ commentId: '101' }), aComment({ id: '101', visibility: 'internal' })],
    ['a file of an article that is not shown', ofTicket({ commentId: '999' }), first],
  ])('%s stays, and so it is not named when it is refused', (_what, file, comment) => {
    const comments = comment === first ? [first] : [first, { ...comment, visibility: 'internal' as const }];
    const refused = { ...file, id: '100/9', name: 'вирус.exe' };

    expect(keysOn(factsWith({ comments, attachments: [file, refused] }))).toEqual([]);
  });

  test('files of internal notes go with them, with an internal note', async () => {
    const comments = [first, aComment({ id: '101', visibility: 'internal' })];
    const facts = factsWith({ comments, attachments: [ofTicket({ id: '101/1', commentId: '101' })] });

    expect(
      actionsOn(facts, await reading('comments.yaml', 'internal_notes: stay', 'internal_notes: carried')),
    ).toMatchObject([
      { key: 'comment:jira:101', comment: { visibility: 'internal' } },
      { key: 'attach:jira:101/1', note: { visibility: 'internal' } },
    ]);
  });

  test('a file that came with a public comment of the issue is shown to those who see the comment', () => {
    const issue = { comments: [aComment({ id: '7' })], attachments: [{ ...ofIssue(), commentId: '7' }] };
    const [, file] = actionsOn(factsWith({}, issue));

    expect(file).toMatchObject({ do: 'attach', note: { visibility: 'public' } });
  });

  test('other files of the issue are shown to the requester only if the mapping says so', async () => {
    const facts = factsWith({}, { attachments: [ofIssue()] });
    const open = await reading('attachments.yaml', '  visibility: internal', '  visibility: public');

    expect(actionsOn(facts)).toMatchObject([{ note: { visibility: 'internal' } }]);
    expect(actionsOn(facts, open)).toMatchObject([{ note: { visibility: 'public' } }]);
  });
});

describe('copies', () => {
  const twins = [ofTicket(), ofTicket({ id: '100/2' })];

  test('the same file twice has two copies, and the look-up of the second passes over the first', () => {
    const facts = factsWith({ attachments: twins }, {}, { 'attach:jira:100/1': '501' });

    expect(actionsOn(facts)).toMatchObject([{ key: 'attach:jira:100/2', besides: ['501'] }]);
  });

  test('files that differ in name or size are no twins', () => {
    const facts = factsWith(
      { attachments: [...twins, ofTicket({ id: '100/3', size: 7 }), ofTicket({ id: '100/4', name: 'иное.png' })] },
      {},
      { 'attach:jira:100/1': '501', 'attach:jira:100/2': '502' },
    );

    expect(actionsOn(facts)).toMatchObject([{ besides: [] }, { besides: [] }]);
  });

  test.each([
    ['a folder', 'папка\\мой экран.png'],
    ['blanks', 'мой экран.png '],
    ['letters in two parts', 'мой экран.png'.normalize('NFD')],
  ])('names that only %s tells apart are those of twins', (_what, name) => {
    const facts = factsWith(
      { attachments: [ofTicket({ name: 'мой экран.png' }), ofTicket({ id: '100/2', name })] },
      {},
      { 'attach:jira:100/1': '501' },
    );

    expect(actionsOn(facts)).toMatchObject([{ key: 'attach:jira:100/2', besides: ['501'] }]);
  });

  test('after a lost memory a copy is found under the name that JIRA gave it', () => {
    const name = `папка/Отчёт «за 100%» "${'я'.repeat(300)}".txt`;
    const given = `Отчёт «за 100_» '${'я'.repeat(210)}…${'я'.repeat(34)}'.txt`;
    const copy = ofIssue({ id: '501', name: given, size: 7, isOwn: true });

    expect(keysOn(factsWith({ attachments: [ofTicket({ name, size: 7 })] }, { attachments: [copy] }))).toEqual([]);
  });

  test.each<[string, Partial<Attachment>, readonly string[]]>([
    ['by its mark', { marker: 'attach:jira:100/1', isOwn: true, name: 'под другим именем.png' }, ['attach:jira:100/2']],
    ['by name and size, if it is ours', { isOwn: true }, ['attach:jira:100/2']],
    ['not if it is somebody else’s', {}, ['attach:jira:100/1', 'attach:jira:100/2', 'attach:otrs:501']],
  ])('after a lost memory a copy is found %s', (_how, copy, keys) => {
    const shown = { ...ofIssue({ id: '501', name: 'экран.png', ...copy }) };

    expect(keysOn(factsWith({ attachments: twins }, { attachments: [shown] }))).toEqual(keys);
  });

  test('a copy that is remembered is nobody else’s', () => {
    const copy = ofIssue({ id: '501', name: 'экран.png', isOwn: true });
    const facts = factsWith({ attachments: twins }, { attachments: [copy] }, { 'attach:jira:100/1': '501' });

    expect(keysOn(facts)).toEqual(['attach:jira:100/2']);
  });

  test('any files on either side are carried once, and then both sides agree', () => {
    const file = fc.record({
      name: fc.constantFrom('экран.png', 'журнал.log', 'вирус.exe', 'README', 'a.txt'),
      size: fc.constantFrom(0, 1, 30_000_000),
    });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 12 }), fc.array(file, { maxLength: 12 }), (ticket, issue) => {
        const facts = factsWith(
          { attachments: ticket.map((each, index) => ofTicket({ ...each, id: `100/${index + 1}` })) },
          { attachments: issue.map((each, index) => ofIssue({ ...each, id: String(20_001 + index) })) },
        );
        const keys = keysOn(facts);
        const after = settled(facts);

        expect(new Set(keys).size).toBe(keys.length);
        expect(keysOn(after)).toEqual([]);
        expect(keysOn({ ...after, link: { ...after.link, done: { 'relate:issue:origin': '1' } } })).toEqual([]);
      }),
    );
  });
});

describe('I7: a refused file is named with its reason', () => {
  const exe = ofTicket({ name: 'вирус.exe' });
  const attachOf = (facts: Facts): Action => {
    const [action] = actionsOn(facts);
    if (action === undefined) {
      throw new Error('nothing to do');
    }
    return action;
  };
  const refuse = (facts: Facts, details: Record<string, unknown>, message = 'it says no') =>
    evolveRefused(facts, attachOf(facts), { code: 'FILE_REFUSED', message, details }, NOW);

  test('in one internal note, once', () => {
    const facts = factsWith({
      attachments: [exe, ofTicket({ id: '100/2', name: 'README' }), ofTicket({ id: '100/3' })],
    });

    expect(actionsOn(facts)).toMatchObject([
      { key: 'attach:jira:100/3' },
      {
        key: 'comment:note:refused@otrs:100/1..2',
        ref: { system: 'otrs' },
        comment: {
          visibility: 'internal',
          subject: 'Файлы не перенесены',
          text: expect.stringMatching(/^Файл «вирус\.exe»[^\n]*\nФайл «README»[^\n]*$/),
        },
      },
    ]);
    expect(keysOn(settled(facts))).toEqual([]);
  });

  test.each([
    ['content-differs', /его содержимое не соответствует расширению png/],
    ['encrypted', /паролем/],
    ['archive-unsafe', /архив небезопасен/],
    ['too-large-for-target', /больше, чем принимает другая система/],
    ['gone', /больше нет/],
    ['never-heard-of', /не перенесён: it says no\./],
    [undefined, /не перенесён: it says no\./],
  ])('also one that was refused on its way: %s', (reason, text) => {
    const facts = refuse(factsWith({ attachments: [ofTicket()] }), { reason });

    expect(actionsOn(facts)).toMatchObject([{ do: 'comment', comment: { text: expect.stringMatching(text) } }]);
  });

  test('which is not sent again by itself, not even much later', () => {
    const facts = settled(refuse(factsWith({ attachments: [ofTicket()] }), { reason: 'gone' }));

    expect(decide(facts, policy, NOW.plus({ days: 30 })).actions).toEqual([]);
  });

  test('and sent after all, once the mapping ignores what is in files', () => {
    const facts = refuse(factsWith({ attachments: [ofTicket()] }), { reason: 'content-differs' });
    const lenient: Policy = { ...policy, attachments: { ...policy.attachments, content: 'ignored' } };

    expect(decide(facts, lenient, NOW.plus({ hours: 1 })).actions).toMatchObject([{ key: 'attach:jira:100/1' }]);
    expect(keysOn(settled(facts))).toEqual([]);
  });

  test.each([
    ['NOT_PERMITTED', /«экран\.png» пока не перенесён, попытка повторится[^:]*: JIRA answers 403\.$/],
    ['ATTEMPTS_EXHAUSTED', /«экран\.png» пока не перенесён/],
  ])('one that was refused for another reason (%s) is named once, and sent again after a while', (code, text) => {
    const facts = factsWith({ attachments: [ofTicket()] });
    const message = `JIRA answers 403.${' \n'.repeat(400)}`;
    const refused = evolveRefused(facts, attachOf(facts), { code, message, details: {} }, NOW);

    expect(actionsOn(refused)).toMatchObject([
      { key: 'comment:note:refused@otrs:100/1', comment: { text: expect.stringMatching(text) } },
    ]);
    const named = settled(refused);
    expect(keysOn(named)).toEqual([]);
    expect(decide(named, policy, NOW.plus({ hours: 1 })).actions).toMatchObject([{ key: 'attach:jira:100/1' }]);
  });

  test('one that nobody knows of whether it arrived is named, and not sent again by itself', () => {
    const facts = factsWith({ attachments: [ofTicket()] });
    const doubt = { code: 'STILL_IN_DOUBT', message: 'sent 5 times', details: {} };
    const refused = evolveRefused(facts, attachOf(facts), doubt, NOW);

    expect(actionsOn(refused)).toMatchObject([{ comment: { text: expect.stringMatching(/возможно, не перенесён/) } }]);
    expect(decide(settled(refused), policy, NOW.plus({ days: 30 })).actions).toEqual([]);
  });

  test('a file of the issue is named in the ticket as well', () => {
    expect(actionsOn(factsWith({}, { attachments: [ofIssue({ name: 'сборка.exe' })] }))).toMatchObject([
      { key: 'comment:note:refused@jira:20001', ref: { system: 'otrs' }, comment: { visibility: 'internal' } },
    ]);
  });

  test('the requester reads only of files that he can see, and only if the mapping lets him', async () => {
    const facts = factsWith({ attachments: [exe] }, { attachments: [ofIssue({ name: 'сборка.exe' })] });
    const open = await reading('attachments.yaml', 'refusal_visibility: internal', 'refusal_visibility: public');

    expect(actionsOn(facts, open)).toMatchObject([
      { key: 'comment:note:refused@jira:20001', comment: { visibility: 'internal' } },
      { key: 'comment:note:refused@otrs:100/1', comment: { visibility: 'public' } },
    ]);
  });

  test('a thousand of them have notes whose keys are short enough for a mark', () => {
    const attachments = Array.from({ length: 1000 }, (_, index) =>
      ofTicket({ id: `${100 + index * 7}/1`, name: 'README' }),
    );
    const facts = factsWith({ attachments: attachments.map((file) => ({ ...file, commentId: '100' })) });
    const keys = keysOn(facts);

    expect(Math.max(...keys.map((key) => key.length))).toBeLessThan(190);
    expect(keysOn(settled(facts))).toEqual([]);
  });
});

test.each([
  ['a note that leaves the refusals out', 'text: "{refusals}"', 'text: "Файлы"', /refusal_note\.text: .*\{refusals\}/],
  [
    'whole texts of one name',
    'комментарий-{comment.id}.txt',
    'комментарий.txt',
    /whole_text\.comment: .*\{comment\.id\}/,
  ],
  ['a whole text in a folder', '"обращение-', '"../обращение-', /whole_text\.ticket/],
  ['a whole text that is no text', '{ticket.key}.txt', '{ticket.key}.exe', /whole_text\.ticket/],
  [
    'an unknown placeholder',
    '«{file.name}» ({file.size}',
    '«{file.title}» ({file.size}',
    /unknown placeholder \{file\.title\}/,
  ],
  ['an unknown reader', 'refusal_visibility: internal', 'refusal_visibility: all', /refusal_visibility/],
])('%s in attachments.yaml is a fault with its line', async (_what, from, to, fault) => {
  const faults = await faultsWith({ file: 'attachments.yaml', from, to });

  expect(faults).toMatch(fault);
  expect(faults).toMatch(/attachments\.yaml:\d+:\d+/);
});
