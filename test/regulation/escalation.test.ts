import { describe, expect, test } from '@jest/globals';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { NamedPart } from '../../src/domain/required-part.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;
const handedOver = { ticketQueue: 'NTTM::3ЛТП' } as const;
const screenshot = { id: '100/1', name: 'экран.png', contentType: 'image/png', size: 20_000 };

const factsOf = (ticket: Partial<Snapshot>): Facts => ({
  link: aLink(),
  ticket: aTicket({ ...handedOver, ...ticket }),
});

/** The shipped policy, whose drafts also ask for these parts. */
function demanding(...parts: readonly NamedPart[]): Policy {
  const { escalation } = policy;
  const rules = escalation.rules.map((rule) => ({
    ...rule,
    draft: { ...rule.draft, requires: [...rule.draft.requires, ...parts] },
  }));
  return { ...policy, escalation: { ...escalation, rules } };
}

describe('R51: «обязательные строки: «Проект», «Тип задачи», «Тема»»; ««Описание» необходимо указать»', () => {
  test.each<[string, Partial<Snapshot>, string]>([
    ['no title', { title: '' }, '«Тема»'],
    ['a blank title', { title: ' \t' }, '«Тема»'],
    ['no description', { text: '' }, '«Описание»'],
    ['neither', { title: ' ', text: '\n' }, '«Тема», «Описание»'],
  ])('a ticket with %s gets an internal note and no issue', (_, ticket, missing) => {
    const { actions, because } = decide(factsOf(ticket), policy, NOW);

    expect(actions).toMatchObject([
      { do: 'comment', ref: { system: 'otrs' }, comment: { visibility: 'internal', subject: expect.any(String) } },
    ]);
    expect(JSON.stringify(actions)).toContain(`не заполнено ${missing}`);
    expect(because).toContainEqual(
      expect.objectContaining({
        rule: 'required-part-is-empty',
        clause: 'R51',
        evidence: expect.stringContaining('handed-over-by-ticket-queue'),
      }),
    );
  });

  test.each<[string, NamedPart, Partial<Snapshot>]>([
    ['a file', { part: 'attachment', name: 'Вложение', clause: 'R51' }, { attachments: [screenshot] }],
    ['a picture', { part: 'screenshot', name: 'Снимок экрана', clause: 'R51' }, { attachments: [screenshot] }],
    [
      'a field',
      { part: 'fields.external_number', name: 'Номер', clause: 'R51' },
      { fields: { external_number: '17' } },
    ],
    [
      'a phone number',
      { part: 'requester.phone', name: 'Телефон', clause: 'R2' },
      { requester: { name: 'Анна Кузнецова', phone: '+7 900 000-00-00' } },
    ],
  ])('an administrator can ask for %s too', (_, part, filled) => {
    const strict = demanding(part);

    expect(decide(factsOf({}), strict, NOW).actions).toMatchObject([
      { do: 'comment', comment: { text: expect.stringContaining(`«${part.name}»`) } },
    ]);
    expect(decide(factsOf(filled), strict, NOW).actions).toMatchObject([{ do: 'open' }]);
  });

  test('a text file is no screenshot', () => {
    const log = { ...screenshot, name: 'server.log', contentType: 'text/plain' };
    const strict = demanding({ part: 'screenshot', name: 'Снимок экрана', clause: 'R51' });

    expect(decide(factsOf({ attachments: [log] }), strict, NOW).actions).toMatchObject([{ do: 'comment' }]);
  });

  test('the note is written once for each set of gaps, and another set is worth another note', () => {
    const facts = factsOf({ title: '' });
    const [note] = decide(facts, policy, NOW).actions;
    if (note === undefined) {
      throw new Error('there is no note');
    }
    const told = evolve(facts, note, { system: 'otrs', id: '101' }, NOW);

    expect(decide(told, policy, NOW).actions).toEqual([]);
    expect(decide({ ...told, ticket: { ...told.ticket, text: '' } }, policy, NOW).actions).toMatchObject([
      { do: 'comment', comment: { text: expect.stringContaining('«Тема», «Описание»') } },
    ]);
  });

  test('a lost memory brings no second note: the ticket shows the first one', () => {
    const facts = factsOf({ title: '' });
    const [note] = decide(facts, policy, NOW).actions;
    const shown = aComment({ id: '101', visibility: 'internal', marker: note?.key ?? '' });
    const ticket = { ...facts.ticket, comments: [...facts.ticket.comments, shown] };

    expect(decide({ ...facts, ticket }, policy, NOW).actions).toEqual([]);
  });

  test('a ticket that is just being registered and has no article yet gets no note', () => {
    const { actions, because } = decide(factsOf({ text: '', comments: [] }), policy, NOW);

    expect(actions).toEqual([]);
    expect(because).toContainEqual(expect.objectContaining({ rule: 'required-part-is-empty' }));
  });

  test('the issue is opened as soon as the gap is filled', () => {
    expect(decide(factsOf({ title: 'Ошибка 500' }), policy, NOW).actions).toMatchObject([
      { do: 'open', draft: { title: 'Ошибка 500' } },
    ]);
  });
});

describe('R51: ««Вложение» следует прикрепить скриншот экрана»', () => {
  test.each([
    ['without one the issue is opened, and the decision says what it lacks', [], 1],
    ['with one there is nothing to say', [screenshot], 0],
  ] as const)('%s', (_, attachments, remarks) => {
    const { actions, because } = decide(factsOf({ attachments }), policy, NOW);

    expect(actions).toMatchObject([{ do: 'open' }]);
    expect(because.filter(({ rule }) => rule === 'recommended-part-is-empty')).toHaveLength(remarks);
  });
});
