import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { blankLink } from '../../src/domain/link.ts';
import { type StoryMatter, tellStory } from '../../src/domain/story.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const NOW = DateTime.fromISO('2026-11-23T09:00:00Z', { zone: 'utc' });
const at = (seconds: number) => NOW.plus({ seconds });
const EMPTY: StoryMatter = { link: blankLink(TICKET), arrivals: [], looks: [], attempts: [], audit: [], letters: [] };
const A_LOOK = { ms: 30, outcome: 'settled', rules: 'r1', actions: [], held: [], exchanges: [] };

const told = (matter: Partial<StoryMatter>) =>
  tellStory(
    { ...EMPTY, ...matter },
    { show: (moment) => (typeof moment === 'number' ? `@${moment}` : (moment.toISO() ?? '')) },
  );
const lines = (matter: Partial<StoryMatter>) => told(matter).map(({ kind, what, more }) => [kind, what, ...more]);

describe('the story of a ticket', () => {
  test('an arrival is told with its number, its way in and its id', () => {
    const record = { system: 'jira', id: '10001' };
    const arrival = { id: 'hook-7', turn: 3, kind: 'commented', channel: 'webhook', record, times: 2 } as const;

    expect(lines({ arrivals: [{ ...arrival, firstAt: at(0), at: at(5) }] })).toEqual([
      ['arrived', '#3 by webhook: jira 10001 commented', 'id hook-7', 'came 2 times, first 2026-11-23T09:00:00.000Z'],
    ]);
  });

  test('a call is told with its answer, and one that failed with what was said', () => {
    const call = { method: 'POST', path: '/issue', ms: 80, status: 400, fault: 'REFUSED' };
    const attempt = { key: 'open:issue', system: 'jira', at: at(1), ms: 90, exchanges: [call] };
    const error = { outcome: 'dead', code: 'REFUSED', message: 'Resolution is required.' } as const;

    expect(lines({ attempts: [{ ...attempt, ...error }] })).toEqual([
      ['called', 'jira POST /issue: 400 REFUSED in 80 ms', 'REFUSED (dead): Resolution is required.'],
    ]);
    expect(lines({ attempts: [{ ...attempt, outcome: 'done', exchanges: [] }] })).toEqual([
      ['called', 'jira, 90 ms: done'],
    ]);
  });

  test('what the bridge did is told with rule and clause, what a person did with name and reason', () => {
    const because = [{ rule: 'handed-over', clause: 'R50', evidence: 'ticket_queue is «3ЛТП»' }];
    const detail = { key: 'open:issue', action: 'open issue for 42', effect: 'OSSTTMB2B-7', because };

    expect(
      lines({
        audit: [
          { at: at(1), who: 'bridge', what: 'open', detail },
          { at: at(2), who: 'ivanov', what: 'discarded', detail: { reason: 'перенесено вручную' } },
        ],
      }),
    ).toEqual([
      ['did', 'open issue for 42: OSSTTMB2B-7', 'handed-over (R50): ticket_queue is «3ЛТП»'],
      ['operator', 'ivanov: discarded', 'reason: перенесено вручную'],
    ]);
  });

  test('a dead letter is told when it was opened, and once more when it was mended', () => {
    const letter = { id: 'l-1', code: 'REFUSED', message: 'нет поля', state: 'resolved', at: at(1), resolvedAt: at(9) };

    expect(
      told({ letters: [letter] }).map(({ kind, at: moment }) => `${kind} ${moment.diff(NOW).as('seconds')}`),
    ).toEqual(['failed 1', 'mended 9']);
  });

  test('an action that was refused is not told as done, nor a letter that another content replaced as mended', () => {
    const detail = { key: 'move:ticket', action: 'move 42', code: 'REFUSED', message: 'нет такого кода' };
    const letter = { id: 'l-1', code: 'REFUSED', message: 'нет поля', at: at(1), resolvedAt: at(9) };
    const ended = (state: string, resolvedHow: string) =>
      told({ letters: [{ ...letter, state, resolvedHow, resolvedBy: 'bridge' }] })
        .map(({ kind, what }) => `${kind} ${what}`)
        .at(-1);

    expect(lines({ audit: [{ at: at(1), who: 'bridge', what: 'refused', detail }] })).toEqual([
      ['refused', 'move 42: REFUSED', 'нет такого кода'],
    ]);
    expect(ended('resolved', 'carried')).toBe('mended dead letter REFUSED resolved by bridge');
    expect(ended('resolved', 'replaced')).toBe(
      'closed dead letter REFUSED resolved by bridge: its action has another content by now',
    );
    expect(ended('discarded', 'discarded')).toMatch(/^closed dead letter REFUSED discarded by bridge/);
  });

  test('the clock is told where it moved, and not at every look', () => {
    const clock = { status: 'running', priority: 3, due: { resolution: 7 }, missed: [] } as const;
    const looks = [
      { ...A_LOOK, from: at(0), to: at(0), times: 1, clock },
      { ...A_LOOK, from: at(1), to: at(9), times: 4, clock },
      {
        ...A_LOOK,
        from: at(10),
        to: at(10),
        times: 1,
        clock: { ...clock, status: 'paused', missed: ['reaction'] } as const,
      },
    ];

    expect(lines({ looks }).filter(([kind]) => kind === 'clock')).toEqual([
      ['clock', 'running, priority 3', 'resolution by @7'],
      ['clock', 'paused, priority 3', 'resolution by @7', 'missed: reaction'],
    ]);
    expect(told({ looks })[2]).toMatchObject({ kind: 'looked', what: 'nothing to do', times: 4, until: at(9) });
  });

  test('everything stands in the order of time, a call before what it brought about', () => {
    const audit = { at: at(1), who: 'bridge', what: 'open', detail: {} };
    const attempt = { key: 'k', system: 'jira', at: at(1), ms: 1, outcome: 'done', exchanges: [] } as const;
    const look = { ...A_LOOK, from: at(1), to: at(1), times: 1, actions: ['k'] };

    expect(told({ audit: [audit], attempts: [attempt], looks: [look] }).map(({ kind }) => kind)).toEqual([
      'called',
      'did',
      'looked',
    ]);
  });
});
