import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Action } from '../../src/domain/action.ts';
import { findReturns, type Return, type ReturnPolicy } from '../../src/domain/assignments/returns.ts';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { timelineOf } from '../../src/domain/timeline.ts';
import { growth, NEARLY_LINEAR } from '../support/growth.ts';
import {
  aHistory,
  clockAt,
  closes,
  doneOf,
  dueOf,
  field,
  type Happening,
  notes,
  owner,
  queue,
  type Step,
  says,
  state,
  waits,
  works,
} from '../support/history.ts';
import { quietPolicy, shippedPolicy } from '../support/policy.ts';
import { aLink } from '../support/records.ts';
import { moment, written } from '../support/table-4.ts';

const registered = '23.11.26 10:00';
const assigned = state('Назначено');
const lineOne = queue('NTTM::1ЛТП');
const lineThree = queue('NTTM::3ЛТП');
const because = notes('Возврат', 'Это не наша услуга, нужна группа DWH.');

/** The shipped rules with a coordinator of line 2. */
const rules: ReturnPolicy = {
  ...shippedPolicy.clock.returns,
  groups: shippedPolicy.clock.returns.groups.map((group) =>
    group.name === '2ЛТП' ? { ...group, coordinators: ['coordinator.2l', 'deputy.2l'] } : group,
  ),
};

function returnsOf(steps: readonly Step[], policy: ReturnPolicy = rules): readonly Return[] {
  return findReturns(timelineOf(aHistory(registered, {}, ...steps)), policy);
}

/** `moment rules`, and the note or field that gives the reason. */
const told = (returns: readonly Return[]) =>
  returns.map(({ at, signs, reason }) =>
    [written(at).slice(9), ...signs.map(({ rule }) => rule), reason?.evidence ?? 'no reason'].join(' '),
  );

const taken: Step = ['23.11.26 10:10', works];

describe('R42 «он назначается обратно координатору группы 2ЛТП»: what is a return', () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    [
      'from «В работе» back to «Назначено»',
      [taken, ['23.11.26 11:00', assigned, because]],
      ['11:00 back-to-assigned note 101 by «Ольга Петрова»'],
    ],
    [
      'to the coordinator of the group from somebody else',
      [
        ['23.11.26 10:10', owner('petrova.2l')],
        ['23.11.26 11:00', owner('coordinator.2l'), because],
      ],
      ['11:00 back-to-the-coordinator note 101 by «Ольга Петрова»'],
    ],
    [
      'R43: from line 2 to line 1',
      [['23.11.26 11:00', lineOne, because]],
      ['11:00 back-to-line-1 note 101 by «Ольга Петрова»'],
    ],
    [
      'R43: from line 3 to line 1',
      [
        ['23.11.26 10:10', lineThree],
        ['23.11.26 11:00', lineOne, because],
      ],
      ['11:00 back-to-line-1 note 101 by «Ольга Петрова»'],
    ],
    [
      'state and owner within five minutes are one return with two signs',
      [
        ['23.11.26 10:10', owner('petrova.2l'), works],
        ['23.11.26 11:00', because, owner('coordinator.2l')],
        ['23.11.26 11:05', assigned],
      ],
      ['11:00 back-to-the-coordinator back-to-assigned note 101 by «Ольга Петрова»'],
    ],
    [
      'later than that they are two',
      [
        ['23.11.26 10:10', owner('petrova.2l'), works],
        ['23.11.26 11:00', because, owner('coordinator.2l')],
        ['23.11.26 11:06', assigned],
      ],
      ['11:00 back-to-the-coordinator note 101 by «Ольга Петрова»', '11:06 back-to-assigned no reason'],
    ],
    [
      'each time anew',
      [taken, ['23.11.26 11:00', assigned, because], ['23.11.26 12:00', works], ['23.11.26 13:00', assigned]],
      ['11:00 back-to-assigned note 101 by «Ольга Петрова»', '13:00 back-to-assigned no reason'],
    ],
  ])('%s', (_, steps, expected) => {
    expect(told(returnsOf(steps))).toEqual(expected);
  });

  test.each<[string, readonly Step[]]>([
    ['the state that the ticket was registered with', []],
    [
      '«Назначено» from another state',
      [
        ['23.11.26 10:10', waits],
        ['23.11.26 11:00', assigned, because],
      ],
    ],
    ['a coordinator who takes what nobody had', [['23.11.26 10:10', owner('coordinator.2l'), because]]],
    [
      'one coordinator after another',
      [
        ['23.11.26 10:10', owner('coordinator.2l')],
        ['23.11.26 11:00', owner('deputy.2l'), because],
      ],
    ],
    [
      'the coordinator of another group',
      [
        ['23.11.26 10:10', owner('sidorov.3l'), lineThree],
        ['23.11.26 11:00', owner('coordinator.2l'), because],
      ],
    ],
    ['the hand-over to line 3', [taken, ['23.11.26 11:00', lineThree, because]]],
    [
      'line 1 from another team',
      [
        ['23.11.26 10:10', queue('Прочее')],
        ['23.11.26 11:00', lineOne, because],
      ],
    ],
    [
      'a slip that is taken back within five minutes and without a word',
      [taken, ['23.11.26 11:00', assigned], ['23.11.26 11:05', works]],
    ],
    [
      'the owner that a form of the help desk sets before it is sent',
      [
        ['23.11.26 10:10', owner('petrova.2l')],
        ['23.11.26 11:00', owner('coordinator.2l'), owner('ivanov.2l')],
      ],
    ],
  ])('no return: %s', (_, steps) => {
    expect(told(returnsOf(steps))).toEqual([]);
  });

  test('what is taken back at once but has a reason is a return: the coordinator was quick', () => {
    const steps: readonly Step[] = [taken, ['23.11.26 11:00', assigned, because], ['23.11.26 11:03', works]];

    expect(told(returnsOf(steps))).toEqual(['11:00 back-to-assigned note 101 by «Ольга Петрова»']);
  });

  test('an administrator can name a field or an owner instead', () => {
    const own: ReturnPolicy = {
      ...rules,
      rules: [
        { name: 'by-field', clause: 'R42', property: 'fields.returned', from: [], to: 'filled' },
        { name: 'by-owner', clause: 'R42', property: 'owner', from: ['petrova.2l'], to: ['dispatcher'] },
      ],
    };
    const steps: readonly Step[] = [
      ['23.11.26 10:10', owner('petrova.2l')],
      ['23.11.26 11:00', field('returned', '1'), because],
      ['23.11.26 12:00', owner('dispatcher')],
    ];

    expect(told(returnsOf(steps, own))).toEqual([
      '11:00 by-field note 101 by «Ольга Петрова»',
      '12:00 by-owner no reason',
    ]);
  });
});

describe('R42 «с указанием причины возврата»: what is a reason', () => {
  const back = (...before: readonly Happening[]): Step => ['23.11.26 11:00', ...before, assigned];

  test.each<[string, readonly Step[], string]>([
    ['a note in the same form', [taken, back(because)], 'note 101 by «Ольга Петрова»'],
    ['a note since the ticket was taken', [taken, ['23.11.26 10:40', because], back()], 'note 101 by «Ольга Петрова»'],
    ['a note that comes later', [taken, back(), ['23.11.26 11:40', because]], 'note 101 by «Ольга Петрова»'],
    ['the field', [taken, back(field('return_reason', 'Нужна группа DWH'))], 'field return_reason'],
    [
      'the field later',
      [taken, back(), ['23.11.26 12:40', field('return_reason', 'Нужна DWH!')]],
      'field return_reason',
    ],
    [
      'the last of several notes before it',
      [taken, ['23.11.26 10:40', because, because], back()],
      'note 102 by «Ольга Петрова»',
    ],
  ])('%s', (_, steps, evidence) => {
    expect(returnsOf(steps)[0]?.reason?.evidence).toBe(evidence);
  });

  test.each<[string, readonly Step[]]>([
    ['a note from before the ticket was taken', [['23.11.26 10:01', because], taken, back()]],
    [
      'a note after the ticket was taken again',
      [taken, back(), ['23.11.26 11:30', works], ['23.11.26 11:40', because]],
    ],
    ['a note of the bridge', [taken, back(says({ by: 'agent', visibility: 'internal', marker: 'comment:note:x:1' }))]],
    ['public words to the requester', [taken, back(says({ by: 'agent', visibility: 'public' }))]],
    ['the requester’s own words', [taken, back(says({ by: 'requester', visibility: 'public' }))]],
    ['a letter of the system', [taken, back(says({ by: 'system', visibility: 'internal' }))]],
    ['a note that says nothing', [taken, back(notes('Возврат', 'см. тему'))]],
    ['another field', [taken, back(field('solution', 'Нужна группа DWH'))]],
    ['an emptied field', [taken, back(field('return_reason'))]],
  ])('not %s', (_, steps) => {
    expect(returnsOf(steps).map(({ reason }) => reason)).toEqual([undefined]);
  });

  test('one note is the reason of one return', () => {
    const steps: readonly Step[] = [taken, back(), ['23.11.26 11:20', because], ['23.11.26 11:30', lineOne]];

    expect(told(returnsOf(steps))).toEqual([
      '11:00 back-to-assigned note 101 by «Ольга Петрова»',
      '11:30 back-to-line-1 no reason',
    ]);
  });

  test('where subjects are asked for, another note is none', () => {
    const strict = { ...rules, reason: { ...rules.reason, subjects: ['Причина возврата'] } };

    expect(returnsOf([taken, back(because)], strict)[0]?.reason).toBeUndefined();
    expect(
      returnsOf([taken, back(notes('причина возврата: не наша', 'Нужна группа DWH'))], strict)[0]?.reason,
    ).toBeDefined();
  });

  const manyReturns = (count: number) => {
    const many = Array.from(
      { length: count },
      (_, index): Step => [
        moment(registered) + (index + 1) * 3_600_000,
        ...(index % 2 === 0 ? [works] : [assigned, because]),
      ],
    );
    return findReturns(timelineOf(aHistory(registered, {}, ...many)), rules);
  };

  test('thousands of returns are read, in as much longer as there are more of them', () => {
    expect(manyReturns(4_000)).toHaveLength(2_000);
    expect(growth(manyReturns, 4_000)).toBeLessThan(NEARLY_LINEAR);
  });
});

describe('R42: the clock of a returned ticket', () => {
  const read = (...steps: readonly Step[]) =>
    clockAt(aHistory(registered, { priority: 1 }, ...steps), { now: '23.11.26 13:00' });

  test('runs on: there is no ground for a pause', () => {
    const returned = read(taken, ['23.11.26 11:00', assigned, because]);

    expect([returned.status, returned.suspensions, dueOf(returned)]).toEqual(['running', [], dueOf(read(taken))]);
  });

  test('R25: «reaction = … return with reason, whichever first»: both have to be there', () => {
    expect(doneOf(read(['23.11.26 10:20', lineOne]))[0]).toBe('—');
    expect(doneOf(read(['23.11.26 10:20', lineOne, because]))[0]).toBe('23.11.26 10:20 returned-with-a-reason');
    expect(doneOf(read(['23.11.26 10:20', lineOne], ['23.11.26 10:40', because]))[0]).toBe(
      '23.11.26 10:40 returned-with-a-reason',
    );
    expect(doneOf(read(['23.11.26 10:05', because], ['23.11.26 10:20', lineOne]))[0]).toBe(
      '23.11.26 10:20 returned-with-a-reason',
    );
  });

  test('what came first counts', () => {
    expect(doneOf(read(taken, ['23.11.26 10:20', lineOne, because]))[0]).toBe('23.11.26 10:10 taken-into-work');
  });

  test('a closed ticket keeps its number of returns, whatever is done to it', () => {
    const closed = read(taken, ['23.11.26 11:00', closes], ['23.11.26 12:00', lineOne, because]);

    expect(closed.returns).toEqual([]);
  });
});

describe('R42: what the bridge does about a return', () => {
  const counting: Policy = {
    ...quietPolicy,
    clock: { ...quietPolicy.clock, returns: rules },
    assignments: { ...quietPolicy.assignments, returns: shippedPolicy.assignments.returns },
  };
  const at = (text: string) => DateTime.fromMillis(moment(text));
  const actionsAt = (now: string, ticket: Snapshot, link = aLink()) =>
    decide({ ticket, link }, counting, at(now)).actions;
  const unexplained = aHistory(registered, {}, taken, ['23.11.26 11:00', assigned]);
  const KEY = 'comment:note:return:2026-11-23T08:00:00Z';

  test('the number stands in the ticket and is written only when it changes', () => {
    expect(actionsAt('23.11.26 11:01', unexplained)).toMatchObject([
      { do: 'update', key: 'update:ticket:returns', fields: { returns: '1' } },
    ]);
    expect(actionsAt('23.11.26 11:01', { ...unexplained, fields: { returns: '1' } })).toEqual([]);
    expect(actionsAt('23.11.26 11:01', aHistory(registered, {}, taken))).toEqual([]);
  });

  test('a number that the history does not bear out is put right', () => {
    const none = { ...aHistory(registered, {}, taken), fields: { returns: '3' } };

    expect(actionsAt('23.11.26 11:01', none)).toMatchObject([{ fields: { returns: '' } }]);
  });

  test('the number travels with the terms: one call', () => {
    const noisy = { ...counting, clock: { ...shippedPolicy.clock, returns: rules } };
    const { actions } = decide({ ticket: unexplained, link: aLink() }, noisy, at('23.11.26 11:01'));

    expect(actions.filter((action) => action.do === 'update')).toMatchObject([
      { fields: { returns: '1', sla_status: expect.any(String) } },
    ]);
  });

  test('a missing reason is asked for once, internally, when the form has had its time', () => {
    const shown = { ...unexplained, fields: { returns: '1' } };
    expect(decide({ ticket: shown, link: aLink() }, counting, at('23.11.26 11:04')).lookAgainAt?.toMillis()).toBe(
      moment('23.11.26 11:05'),
    );
    const [ask, ...others] = actionsAt('23.11.26 11:05', shown);
    expect([ask, others]).toMatchObject([{ do: 'comment', key: KEY, comment: { visibility: 'internal' } }, []]);
    expect((ask as Extract<Action, { do: 'comment' }>).comment.text).toContain('Обращение возвращено 23.11.2026 11:00');

    const after = evolve(
      { ticket: shown, link: aLink() },
      ask as Action,
      { system: 'otrs', id: '900' },
      at('23.11.26 11:05'),
    );
    expect(decide(after, counting, at('23.11.26 11:10')).actions).toEqual([]);
    expect(decide({ ...after, link: aLink() }, counting, at('23.11.26 11:10')).actions).toEqual([]);
  });

  test.each<[string, Snapshot, string]>([
    [
      'a reason was given meanwhile',
      aHistory(registered, {}, taken, ['23.11.26 11:00', assigned], ['23.11.26 11:04', because]),
      '23.11.26 11:05',
    ],
    [
      'the ticket was taken again',
      aHistory(registered, {}, taken, ['23.11.26 11:00', assigned], ['23.11.26 11:30', works]),
      '23.11.26 11:40',
    ],
    ['the return is old news', unexplained, '24.11.26 11:01'],
    [
      'the ticket is closed',
      aHistory(registered, {}, taken, ['23.11.26 11:00', assigned], ['23.11.26 11:04', closes]),
      '23.11.26 11:10',
    ],
  ])('nobody is asked when %s', (_, ticket, now) => {
    expect(actionsAt(now, ticket).filter((action) => action.do === 'comment')).toEqual([]);
  });

  test('each return without a reason is asked about by itself', () => {
    const twice = aHistory(
      registered,
      {},
      taken,
      ['23.11.26 11:00', assigned],
      ['23.11.26 12:00', works],
      ['23.11.26 13:00', assigned],
    );
    const keys = actionsAt('23.11.26 13:05', twice, aLink({ done: { [KEY]: '900' } })).map(({ key }) => key);

    expect(keys).toEqual(['update:ticket:returns', 'comment:note:return:2026-11-23T10:00:00Z']);
  });
});
