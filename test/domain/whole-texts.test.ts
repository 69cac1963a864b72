import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Attachment, Comment, Snapshot } from '../../src/domain/ticket.ts';
import { bytesOf } from '../../src/domain/whole-texts.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, NOW } from '../support/records.ts';

const first = aComment({ id: '100', by: 'requester' });

const factsWith = (ticket: Partial<Snapshot>, issue: Partial<Snapshot> = {}, done: Record<string, string> = {}) => {
  const facts = agreedFacts({ comments: [first], ...ticket }, issue);
  return { ...facts, link: { ...facts.link, done: { ...facts.link.done, ...done } } };
};

const actionsOn = (facts: Facts) => decide(facts, quietPolicy, NOW).actions;
const keysOn = (facts: Facts) => actionsOn(facts).map(({ key }) => key);

const settled = (facts: Facts) =>
  actionsOn(facts).reduce((known, action) => evolve(known, action, { system: 'jira', id: '900' }, NOW), facts);

function ofIssue(changes: Partial<Attachment>): Attachment {
  return { id: '20001', name: 'a.txt', contentType: 'text/plain', size: 10, ...changes };
}

describe('R51: a text that had to be cut goes along as a file', () => {
  const long = `Начало ${'ж'.repeat(40_000)} 😀 конец`;

  test('the whole text of the ticket, once', () => {
    const facts = factsWith({ text: long }, { isTextCut: true });

    expect(actionsOn(facts)).toMatchObject([
      {
        key: 'attach:text:issue',
        ref: { system: 'jira' },
        source: { text: long },
        file: {
          name: 'обращение-2026112310000042.txt',
          contentType: 'text/plain; charset=utf-8',
          size: Buffer.byteLength(long),
        },
      },
    ]);
    expect(keysOn(settled(facts))).toEqual([]);
  });

  test('the whole text of an article whose copy was cut', () => {
    const facts = factsWith(
      { comments: [first, aComment({ id: '101', text: long })] },
      { comments: [aComment({ id: '300', marker: 'comment:jira:101', isCut: true, text: 'Начало' })] },
    );

    expect(actionsOn(facts)).toMatchObject([
      { key: 'attach:text:101', source: { text: long }, file: { name: 'комментарий-101.txt' } },
    ]);
  });

  test.each<[string, Partial<Comment>, Partial<Comment>]>([
    ['an internal note', { visibility: 'internal' }, { visibility: 'internal' }],
    ['a note whose copy is public by mistake', { visibility: 'internal' }, {}],
    ['an article that is gone', { id: '102' }, {}],
    ['a note of the bridge itself', {}, { marker: 'comment:note:closure' }],
    ['a comment that people wrote', {}, { marker: 'comment:otrs:101' }],
  ])('not that of %s: everyone who sees an issue sees its files', (_what, article, copy) => {
    const facts = factsWith(
      { comments: [first, aComment({ id: '101', text: long, ...article })] },
      { comments: [aComment({ id: '300', marker: 'comment:jira:101', isCut: true, ...copy })] },
      { 'comment:jira:101': '300', 'comment:jira:102': '300' },
    );

    expect(keysOn(facts)).toEqual([]);
  });

  test('not again after a lost memory: the issue shows a file of ours that is called so', () => {
    const shown = ofIssue({ name: 'обращение-2026112310000042.txt', isOwn: true });

    expect(keysOn(factsWith({ text: long }, { isTextCut: true, attachments: [shown] }))).toEqual([]);
  });

  test('bytes are counted as they are written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(bytesOf(text)).toBe(Buffer.byteLength(text, 'utf8'));
      }),
    );
    expect(bytesOf('\ud83d a \ude00')).toBe(Buffer.byteLength('\ud83d a \ude00'));
  });
});
