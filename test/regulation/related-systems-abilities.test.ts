import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Ability, Snapshot } from '../../src/domain/ticket.ts';
import { parseSeenFacts, writeFacts } from '../../src/replay/facts-file.ts';
import { linkedFacts } from '../support/linked.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, NOW } from '../support/records.ts';

/** A ticket whose linked ticket lies in a system that lacks this. */
function factsOf(lacks: readonly Ability[], ticket: Partial<Snapshot> = {}, child: Partial<Snapshot> = {}): Facts {
  const facts = linkedFacts(ticket, child);
  return { ...facts, related: (facts.related ?? []).map((each) => ({ ...each, lacks })) };
}

const actionsOn = (facts: Facts) => decide(facts, quietPolicy, NOW).actions;
const told = (facts: Facts): Facts =>
  actionsOn(facts).reduce(
    (known, action, index) => evolve(known, action, { system: 'otrs', id: `${9100 + index}` }, NOW),
    facts,
  );
const words = aComment({ id: '101', text: 'Нужно до обеда.' });
const file = { id: '101/1', name: 'экран.png', contentType: 'image/png', size: 10, commentId: '101' };

describe('R71: what the system of a linked ticket cannot do is said and not tried', () => {
  test.each([
    ['comments', /Сообщения в заявку не переносятся/],
    ['files', /Файлы не переносятся/],
    ['state', /о её закрытии он не сообщит/],
    ['fields', /Номер и состояние обращения в заявке не видны/],
  ] as const)('one internal note says once that it lacks %s', (ability, text) => {
    const facts = factsOf([ability]);

    expect(actionsOn(facts)).toMatchObject([
      {
        key: `comment:note:related-lacks:dwh:${ability}`,
        ref: { id: '42' },
        comment: { visibility: 'internal', text: expect.stringMatching(text) },
      },
    ]);
    expect(actionsOn(told(facts))).toEqual([]);
  });

  test('a system that lacks nothing is not spoken of', () => {
    expect(actionsOn(factsOf([]))).toEqual([]);
  });

  test('words are not carried where it takes no comments, and those of its people come all the same', () => {
    const answer = aComment({ id: '9001', author: 'Олег Дубов', text: 'Готово.' });
    const facts = told(factsOf(['comments'], { comments: [words] }, { comments: [answer] }));

    expect(facts.related?.[0]?.record?.comments).toEqual([answer]);
    expect(facts.ticket.comments.map(({ marker }) => marker)).toContain('comment:from-dwh:9001');
    const closed: Facts = { ...facts, ticket: { ...facts.ticket, state: 'Закрыто', phase: 'done' } };
    expect(actionsOn(closed).filter((action) => action.do === 'comment')).toEqual([]);
  });

  test('a file is named with the reason where it takes none', () => {
    const facts = factsOf(['files'], { comments: [words], attachments: [file] });
    const actions = actionsOn(facts);

    expect(actions.filter((action) => action.do === 'attach')).toEqual([]);
    expect(actions).toContainEqual(
      expect.objectContaining({
        key: 'comment:note:refused@otrs:101/1',
        comment: expect.objectContaining({
          text: expect.stringMatching(/«экран\.png» не перенесён в связанную заявку/),
        }),
      }),
    );
    expect(actionsOn(told(facts))).toEqual([]);
  });

  test('the file goes where files are taken', () => {
    expect(actionsOn(factsOf([], { comments: [words], attachments: [file] }))).toContainEqual(
      expect.objectContaining({ do: 'attach', key: 'attach:to-dwh:101/1' }),
    );
  });

  test('the ticket is not shown in a linked ticket without fields', () => {
    const lonely = { fields: {} };

    expect(actionsOn(factsOf([], {}, lonely))).toMatchObject([{ key: 'update:related:dwh' }]);
    expect(actionsOn(told(factsOf(['fields'], {}, lonely)))).toEqual([]);
  });

  test('the facts that are kept tell it too', () => {
    const facts = factsOf(['files', 'state']);

    expect(parseSeenFacts(JSON.parse(writeFacts(facts, NOW)), 'here').facts.related).toMatchObject([
      { name: 'dwh', lacks: ['files', 'state'] },
    ]);
  });
});
