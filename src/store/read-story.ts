import type { DateTime } from 'luxon';
import type { EventChannel, EventKind } from '../domain/event.ts';
import type { StoryMatter, ToldArrival, ToldAudit, ToldLetter } from '../domain/story.ts';
import type { Ref } from '../domain/ticket.ts';
import { attempts } from './attempts.ts';
import type { Database } from './database.ts';
import { link } from './links.ts';
import { looks } from './looks.ts';
import type { StoryFilter } from './past.ts';
import { momentOf, refOf, textOf } from './rows.ts';

/** See the contract. */
export async function ticketNamed({ queries, ticketSystem }: Database, name: string): Promise<Ref | undefined> {
  const text = textOf(name.trim());
  const work = await queries
    .selectFrom('work')
    .select(['ticket', 'ticket_key'])
    .where((row) => row.or([row('ticket', '=', text), row('ticket_key', '=', text)]))
    // Whoever names a number means the number; ids are short.
    .orderBy((row) => row.case().when('ticket_key', '=', text).then(0).else(1).end())
    .executeTakeFirst();
  if (work !== undefined) {
    return refOf(ticketSystem, work.ticket, work.ticket_key);
  }

  const linked = await queries
    .selectFrom('link')
    .select(['ticket', 'ticket_key'])
    .where((row) =>
      row.or([row('issue_key', '=', text), row('issue_key', '=', text.toUpperCase()), row('ticket_key', '=', text)]),
    )
    .executeTakeFirst();
  if (linked !== undefined) {
    return refOf(ticketSystem, linked.ticket, linked.ticket_key);
  }

  const related = await queries
    .selectFrom('related')
    .select('ticket')
    .where((row) => row.or([row('record_key', '=', text), row('record_key', '=', text.toUpperCase())]))
    .executeTakeFirst();
  return related === undefined ? undefined : refOf(ticketSystem, related.ticket, null);
}

/** See the contract. */
export async function storyMatter(database: Database, ticket: Ref, filter: StoryFilter): Promise<StoryMatter> {
  return {
    link: await link(database, ticket),
    work: await workOf(database, ticket),
    arrivals: await arrivalsOf(database, ticket, filter),
    looks: (await looks(database, ticket, filter)).filter(({ to }) => isWanted(to, filter)),
    attempts: (await attempts(database, ticket, filter)).filter(({ at }) => isWanted(at, filter)),
    audit: await auditOf(database, ticket, filter),
    letters: await lettersOf(database, ticket, filter),
  };
}

function isWanted(at: DateTime, { since }: StoryFilter): boolean {
  return since === undefined || at >= since;
}

async function workOf({ queries }: Database, ticket: Ref): Promise<StoryMatter['work']> {
  const row = await queries
    .selectFrom('work')
    .select(['due_at', 'attempt', 'lease_until', 'arrived', 'covered', 'waiting_since', 'waiting_reason'])
    .where('ticket', '=', textOf(ticket.id))
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : {
        attempt: row.attempt,
        uncovered: row.arrived - row.covered,
        ...momentIf('dueAt', row.due_at),
        ...momentIf('leaseUntil', row.lease_until),
        ...momentIf('waitingSince', row.waiting_since),
        ...(row.waiting_reason === null ? {} : { waitingFor: row.waiting_reason }),
      };
}

function momentIf<Name extends string>(name: Name, at: number | null): { readonly [Each in Name]?: DateTime } {
  return (at === null ? {} : { [name]: momentOf(at) }) as { readonly [Each in Name]?: DateTime };
}

async function arrivalsOf(
  { queries }: Database,
  ticket: Ref,
  { since, limit }: StoryFilter,
): Promise<readonly ToldArrival[]> {
  const rows = await queries
    .selectFrom('event')
    .select(['id', 'turn', 'kind', 'channel', 'record_system', 'record_id', 'first_at', 'last_at', 'times'])
    .where('ticket', '=', textOf(ticket.id))
    .where('last_at', '>=', since?.toMillis() ?? 0)
    .orderBy('turn', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed().map((row) => ({
    id: row.id,
    turn: row.turn,
    kind: row.kind as EventKind,
    channel: row.channel as EventChannel,
    record: refOf(row.record_system, row.record_id, null),
    firstAt: momentOf(row.first_at),
    at: momentOf(row.last_at),
    times: row.times,
  }));
}

async function auditOf(
  { queries }: Database,
  ticket: Ref,
  { since, limit }: StoryFilter,
): Promise<readonly ToldAudit[]> {
  const rows = await queries
    .selectFrom('audit')
    .select(['at', 'who', 'what', 'detail'])
    .where('ticket', '=', textOf(ticket.id))
    .where('at', '>=', since?.toMillis() ?? 0)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows
    .toReversed()
    .map(({ at, who, what, detail }) => ({ at: momentOf(at), who, what, detail: JSON.parse(detail) }));
}

async function lettersOf(
  { queries }: Database,
  ticket: Ref,
  { since, limit }: StoryFilter,
): Promise<readonly ToldLetter[]> {
  const rows = await queries
    .selectFrom('dead_letter')
    .select(['id', 'action_key', 'code', 'message', 'at', 'state', 'resolved_at', 'resolved_by', 'resolved_how'])
    .where('ticket', '=', textOf(ticket.id))
    .where((row) => {
      const from = since?.toMillis() ?? 0;
      return row.or([row('at', '>=', from), row('resolved_at', '>=', from)]);
    })
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed().map(({ id, action_key, code, message, at, state, ...row }) => ({
    id,
    code,
    message,
    state,
    at: momentOf(at),
    ...(action_key === null ? {} : { key: action_key }),
    ...momentIf('resolvedAt', row.resolved_at),
    ...(row.resolved_by === null ? {} : { resolvedBy: row.resolved_by }),
    ...(row.resolved_how === null ? {} : { resolvedHow: row.resolved_how }),
  }));
}
