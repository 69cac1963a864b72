import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Page } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import { serverInfoCall } from './choose-dialect.ts';
import type { Gateway } from './http/gateway.ts';
import type { JiraOptions } from './options.ts';
import { wireMyself } from './wire.ts';

const PAGE_SIZE = 200;

/** Quotes a value for JQL; inside the quotes only `"` and `\` mean something. */
export function quoteJql(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/**
 * A moment for JQL, which reads times in the account's time zone and to the minute. It may come out earlier, never
 * later: where clocks are put back, the same minute comes twice.
 */
export function jqlMoment(moment: DateTime, timeZone: string): string {
  const local = moment.setZone(timeZone);
  if (!local.isValid) {
    throw new BridgeError('ANSWER_UNREADABLE', `JIRA names an unknown time zone for the account: «${timeZone}»`);
  }

  const unambiguous = local.getPossibleOffsets().length > 1 ? local.minus({ hours: 2 }) : local;
  return unambiguous.toFormat('yyyy/MM/dd HH:mm');
}

/** Where a listing stands between two pages; moments as ISO texts. */
const walk = z.object({
  jql: z.string(),
  /** Leads to the page; absent for the first one. */
  from: z.string().optional(),
  /** What JIRA's clock said when the listing began. */
  asOf: z.string().optional(),
});

type Walk = z.output<typeof walk>;

/**
 * Issues of the watched projects that were changed at or after the moment, newest first: pages are told by position, and
 * an issue that changes between two of them goes to the front of this order, which moves others to later places only.
 * It is on no page then, but listed again from `asOf` on. From oldest to newest, others would slip past a page.
 */
export async function changedSince(
  moment: DateTime,
  cursor: string | undefined,
  options: JiraOptions,
  system: string,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<Page> {
  const dialect = await gateway.dialect(signal);
  const standing =
    cursor === undefined ? await begin(moment, options, gateway, signal) : walk.parse(JSON.parse(cursor));
  const { jql, from } = standing;
  const page = await gateway.send({ ...dialect.search({ jql, size: PAGE_SIZE, from }), effect: 'none', signal });
  const changes = page.issues.flatMap(({ id, key, fields }) =>
    fields === undefined ? [] : [{ ref: { system, id, key }, changedAt: fields.updated }],
  );
  // A JIRA that tells no time has seen the newest change by then.
  const asOf = standing.asOf ?? changes[0]?.changedAt.toISO() ?? undefined;
  if (page.next !== undefined) {
    const next: Walk = { jql, from: page.next, asOf };
    return { changes, next: JSON.stringify(next), ...atClock(asOf) };
  }

  const isBelieved =
    from !== undefined || changes.length > 0 || (await isNothingNewer(moment, options, gateway, signal));
  return { changes, ...atClock(asOf), ...(isBelieved && asOf !== undefined ? { completeBefore: read(asOf) } : {}) };
}

async function begin(
  moment: DateTime,
  { projects }: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<Walk> {
  const { serverTime } = await gateway.send(serverInfoCall(signal));
  const myself = await gateway.send({ method: 'GET', path: '/myself', effect: 'none', shape: wireMyself, signal });
  const since = quoteJql(jqlMoment(moment, myself.timeZone ?? 'UTC'));
  const jql = `${inProjects(projects)} AND updated >= ${since} ORDER BY updated DESC`;
  return { jql, asOf: serverTime?.toISO() ?? undefined };
}

/** Finding nothing proves nothing where the index is empty, or the account sees no issue any more. */
async function isNothingNewer(
  moment: DateTime,
  { projects }: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<boolean> {
  const dialect = await gateway.dialect(signal);
  const jql = `${inProjects(projects)} ORDER BY updated DESC`;
  const { issues } = await gateway.send({ ...dialect.search({ jql, size: 1 }), effect: 'none', signal });
  const newest = issues[0]?.fields?.updated;
  return newest !== undefined && newest < moment;
}

function inProjects(projects: readonly string[]): string {
  return `project in (${projects.map(quoteJql).join(', ')})`;
}

function atClock(asOf: string | undefined): Partial<Page> {
  return asOf === undefined ? {} : { asOf: read(asOf) };
}

function read(iso: string): DateTime {
  return DateTime.fromISO(iso, { zone: 'utc' });
}
