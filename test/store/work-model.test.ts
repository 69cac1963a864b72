import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { Claim, Release, Store } from '../../src/store/store.ts';
import { createSqlDatabase, type SqlDatabase } from '../simulation/sql-database.ts';
import { createWorkModel, type ModelClaim, type ModelRelease } from './work-model.ts';

const LEASE_MS = 60_000;

type Step =
  | { readonly do: 'accept'; readonly ticket: string; readonly event: number; readonly isSwept: boolean }
  | { readonly do: 'claim'; readonly limit: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'extend' | 'write'; readonly which: number }
  | {
      readonly do: 'release';
      readonly which: number;
      readonly end: ModelRelease['outcome'];
      readonly afterMs: number | null;
    };

const aTicket = fc.constantFrom('1', '2', '3');
const which = fc.nat({ max: 5 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('accept' as const),
        ticket: aTicket,
        event: fc.nat({ max: 3 }),
        isSwept: fc.boolean(),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 5_000, 11_000, 61_000) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('extend' as const, 'write' as const), which }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('release' as const),
        which,
        end: fc.constantFrom('settled' as const, 'later' as const, 'buried' as const),
        afterMs: fc.constantFrom(null, 0, 2_000, 30_000),
      }),
    },
  ),
  { maxLength: 40 },
);

/** Does the steps on both sides and compares what they answer and what is left after each. */
async function compare(all: readonly Step[], database: SqlDatabase): Promise<void> {
  database.clear();
  const store = database.open();
  const model = createWorkModel();
  const claims: { readonly real: Claim; readonly model: ModelClaim }[] = [];
  let now = 1_795_000_000_000;
  const at = () => DateTime.fromMillis(now, { zone: 'utc' });

  for (const step of all) {
    const held = 'which' in step ? claims[claims.length - 1 - (step.which % Math.max(claims.length, 1))] : undefined;
    if (step.do === 'pass') {
      now += step.ms;
    } else if (step.do === 'accept') {
      const id = `${step.isSwept ? 'sweep' : 'hook'}:${step.ticket}:${step.event}`;
      const channel = step.isSwept ? 'sweep' : 'webhook';
      await store.accept([{ id, ref: { system: 'otrs', id: step.ticket }, kind: 'changed', channel, at: at() }], at());
      model.accept(id, step.ticket, step.isSwept, now);
    } else if (step.do === 'claim') {
      // The order of tickets that are due since the same moment is nobody's business.
      const real = byTicket(await store.claim('worker', step.limit, LEASE_MS, at()), ({ ticket }) => ticket.id);
      const expected = byTicket(model.claim(step.limit, LEASE_MS, now), ({ ticket }) => ticket);
      expect(real.map(claimed)).toEqual(expected);
      claims.push(...real.flatMap((each, index) => (expected[index] ? [{ real: each, model: expected[index] }] : [])));
    } else if (held !== undefined && step.do === 'extend') {
      expect(await store.extend(held.real, LEASE_MS, at())).toBe(model.extend(held.model, LEASE_MS, now));
    } else if (held !== undefined && step.do === 'write') {
      expect(await canWrite(store, held.real)).toBe(model.holds(held.model));
    } else if (held !== undefined && step.do === 'release') {
      const end = endOf(step.end, step.afterMs, held.model.attempt, now);
      expect(await store.release(held.real, realEnd(end), at())).toBe(model.release(held.model, end, now));
    }
    expect(rowsOf(database)).toEqual(expectedRows(model));
    expect(database.all('select ticket from work where arrived > covered and due_at is null')).toEqual([]);
  }
}

function claimed({ ticket, waitingSince, ...claim }: Claim): ModelClaim {
  return { ...claim, ticket: ticket.id, waiting: waitingSince?.toMillis() ?? null };
}

function byTicket<Item>(items: readonly Item[], ticketOf: (item: Item) => string): readonly Item[] {
  return items.toSorted((left, right) => (ticketOf(left) < ticketOf(right) ? -1 : 1));
}

function endOf(outcome: ModelRelease['outcome'], afterMs: number | null, attempt: number, now: number): ModelRelease {
  return outcome === 'settled'
    ? { outcome, next: afterMs === null ? null : now + afterMs }
    : { outcome, next: now + (afterMs ?? 1_000), attempt: attempt + 1 };
}

function realEnd(end: ModelRelease): Release {
  const moment = (ms: number) => DateTime.fromMillis(ms, { zone: 'utc' });
  switch (end.outcome) {
    case 'settled':
      return { outcome: 'settled', ...(end.next === null ? {} : { nextLookAt: moment(end.next) }) };
    case 'buried':
      return { outcome: 'buried', nextLookAt: moment(end.next), attempt: end.attempt };
    case 'later':
      return { outcome: 'later', nextLookAt: moment(end.next), attempt: end.attempt, reason: 'JIRA is down' };
  }
}

async function canWrite(store: Store, claim: Claim): Promise<boolean> {
  try {
    await store.remember(claim, { agreed: { issueState: 'Открыто/' } });
    return true;
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'LEASE_LOST' });
    return false;
  }
}

function rowsOf(database: SqlDatabase) {
  return database
    .all(
      'select ticket, due_at, urgent_at, attempt, lease_until, fence, arrived, covered, waiting_since from work order by ticket',
    )
    .map(
      ({
        ticket,
        due_at: due,
        urgent_at: urgent,
        attempt,
        lease_until: lease,
        fence,
        arrived,
        covered,
        waiting_since: waiting,
      }) => ({
        ticket,
        due,
        urgent,
        attempt,
        lease,
        fence,
        arrived,
        covered,
        waiting,
      }),
    );
}

function expectedRows({ tickets }: ReturnType<typeof createWorkModel>) {
  return [...tickets]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([ticket, { events: _, ...row }]) => ({ ticket, ...row }));
}

describe('the work table', () => {
  test('gives out, keeps and takes back tickets as its rules say, in whatever order things happen', async () => {
    const database = await createSqlDatabase();
    await fc.assert(
      fc.asyncProperty(steps, (all) => compare(all, database)),
      { numRuns: 200 },
    );
  }, 60_000);
});
