import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Facts } from '../../src/domain/facts.ts';
import type { HistoryEntry } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { parseFacts, parseSeenFacts, writeFacts } from '../../src/replay/facts-file.ts';
import { aComment, agreedFacts, anIssue, NOW } from '../support/records.ts';

const entry: HistoryEntry = {
  at: NOW,
  by: '3',
  what: 'StateUpdate',
  detail: '%%Назначено%%В работе%%',
  commentId: '100',
  changes: [
    { property: 'state', from: 'Назначено', to: 'В работе' },
    { property: 'fields.diagnosis_done', to: '1' },
  ],
};

const agreed = agreedFacts(
  {
    owner: 'petrova.2l',
    attachments: [{ id: '7', name: 'снимок экрана.png', contentType: 'image/png', size: 12, commentId: '100' }],
    history: [entry],
  },
  { resolution: 'Исправлено', comments: [aComment({ subject: 'Тема', marker: 'comment:jira:7' })] },
  {
    agreed: { issueState: 'Открыто/', issuePhase: 'new' },
    refused: {
      'update:reference': {
        action: { key: 'update:reference', do: 'update', ref: { system: 'otrs', id: '42' }, fields: { a: ['б', 'в'] } },
        code: 'REFUSED',
        at: NOW,
      },
    },
  },
);

/** Every property that facts can have, whether or not they can hold together. */
const full: Required<Facts> = {
  ...agreed,
  issue: agreed.issue ?? anIssue(),
  isIssueGone: true,
  related: [{ name: 'eip', role: 'related', ref: { system: 'otrs', id: '44' }, isGone: true }],
  main: { ref: { system: 'otrs', id: '43' }, issue: { system: 'jira', id: '10002' }, isHidden: true },
  shownIssueOf: { system: 'otrs', id: '45', key: '2026112310000045' },
};

function messageOf(json: unknown): string {
  try {
    parseFacts(json, 'tickets.ndjson:7');
  } catch (thrown) {
    if (thrown instanceof BridgeError) {
      expect(thrown.code).toBe('SNAPSHOT_INVALID');
      return thrown.message;
    }
    throw thrown;
  }
  throw new Error('the facts were taken as valid');
}

describe('facts in a file', () => {
  test('what is written is read back, every property of it', () => {
    const again = parseFacts(JSON.parse(writeFacts(full)), 'file');

    expect(JSON.parse(writeFacts(again))).toEqual(JSON.parse(writeFacts(full)));
    expect(again.ticket.createdAt.toISO()).toBe(full.ticket.createdAt.toISO());
    expect(again.ticket.history).toHaveLength(1);
    expect(again.link).toMatchObject({ agreed: full.link.agreed, done: full.link.done });
  });

  test('a refused action keeps the order of its keys, by which it is recognised', () => {
    const again = parseFacts(JSON.parse(writeFacts(full)), 'file');

    expect(JSON.stringify(again.link.refused)).toBe(JSON.stringify(full.link.refused));
  });

  test('texts of any kind survive', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (title, text) => {
        const facts = agreedFacts({ title: title.toWellFormed(), text: text.toWellFormed() });
        const again = parseFacts(JSON.parse(writeFacts(facts)), 'file');
        expect([again.ticket.title, again.ticket.text]).toEqual([facts.ticket.title, facts.ticket.text]);
      }),
    );
  });

  test('a title and a text are enough for a ticket', () => {
    const { ticket, link, ...more } = parseFacts({ ticket: { title: 'Тема', text: 'Текст' } }, 'file');

    expect(more).toEqual({});
    expect(ticket).toMatchObject({
      title: 'Тема',
      text: 'Текст',
      phase: 'open',
      comments: [],
      history: [],
      fields: {},
    });
    expect(link).toMatchObject({ agreed: {}, done: {}, refused: {} });
    expect(ticket.service).toBeUndefined();
  });

  test('a comment of which nothing else is said is internal', () => {
    const { ticket } = parseFacts({ ticket: { title: 'Тема', text: '', comments: [{ text: 'слова' }] } }, 'file');

    expect(ticket.comments[0]).toMatchObject({ visibility: 'internal', by: 'agent' });
  });

  test('an issue that is written down is the ticket’s issue', () => {
    const { link, issue } = parseFacts(
      { ticket: { title: 'Тема', text: '' }, issue: { title: 'Тема', text: '', state: 'Открыто' } },
      'file',
    );

    expect(link.issue).toEqual(issue?.ref);
  });

  test('a ticket is as old as the first thing that is known of it, and else as the moment of seeing', () => {
    const at = '2026-02-03T04:05:06+03:00';
    const alone = parseSeenFacts({ at, ticket: { title: '', text: '' } }, 'file');
    const commented = parseFacts(
      { at, ticket: { title: '', text: '', comments: [{ text: 'а', at: '2026-02-01T00:00:00+03:00' }] } },
      'file',
    );

    expect(alone.at?.toISO()).toBe('2026-02-03T04:05:06.000+03:00');
    expect(alone.facts.ticket.createdAt.toISO()).toBe('2026-02-03T04:05:06.000+03:00');
    expect(commented.ticket.createdAt.toISODate()).toBe('2026-02-01');
  });

  const ticket = { title: 'Тема', text: 'Текст' };
  test.each<[string, unknown, RegExp]>([
    ['no section at all', [], /expected a section, found a list/],
    ['null', null, /tickets\.ndjson:7/],
    ['no ticket', {}, /^tickets\.ndjson:7: ticket is missing/],
    ['no title', { ticket: { text: '' } }, /ticket\.title is missing/],
    [
      'an unknown key',
      { ticket: { ...ticket, titel: 'x' } },
      /ticket\.titel unknown key `titel`, did you mean `title`/,
    ],
    ['an unknown key in Russian', { ticket, заявка: {} }, /unknown key `заявка`/],
    ['a number for a text', { ticket: { ...ticket, state: 4 } }, /ticket\.state expected text, found a number/],
    ['an unknown phase', { ticket: { ...ticket, phase: 'opne' } }, /ticket\.phase .*did you mean `open`/],
    [
      'a moment without an offset',
      { ticket: { ...ticket, createdAt: '2026-01-01T00:00:00' } },
      /ticket\.createdAt .*offset/,
    ],
    [
      'a day that does not exist',
      { ticket: { ...ticket, createdAt: '2026-02-30T00:00:00Z' } },
      /ticket\.createdAt is no moment/,
    ],
    [
      'an unknown property in the history',
      { ticket: { ...ticket, history: [{ at: '2026-01-01T00:00:00Z', changes: [{ property: 'статус' }] }] } },
      /ticket\.history\[0\]\.changes\[0\]\.property/,
    ],
    ['a comment without words', { ticket: { ...ticket, comments: [{}] } }, /ticket\.comments\[0\]\.text is missing/],
    [
      'a refused action that is none',
      { ticket, link: { refused: { a: { action: 5, code: 'x', at: '2026-01-01T00:00:00Z' } } } },
      /link\.refused\.a\.action is no action/,
    ],
  ])('%s is refused with the field and what is expected', (_, json, message) => {
    expect(messageOf(json)).toMatch(message);
  });
});
