import type { DateTime } from 'luxon';
import { z } from 'zod';
import type { Page } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
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

const cursorShape = z.object({ jql: z.string(), from: z.string() });

/** Issues of the watched projects that were changed at or after the moment, oldest first. */
export async function changedSince(
  moment: DateTime,
  cursor: string | undefined,
  options: JiraOptions,
  system: string,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<Page> {
  const dialect = await gateway.dialect(signal);
  const { jql, from } =
    cursor === undefined
      ? { jql: await changesJql(moment, options, gateway, signal), from: undefined }
      : cursorShape.parse(JSON.parse(cursor));
  const page = await gateway.send({ ...dialect.search({ jql, size: PAGE_SIZE, from }), effect: 'none', signal });
  const changes = page.issues.flatMap(({ id, key, fields }) =>
    fields === undefined ? [] : [{ ref: { system, id, key }, changedAt: fields.updated }],
  );
  return page.next === undefined ? { changes } : { changes, next: JSON.stringify({ jql, from: page.next }) };
}

async function changesJql(
  moment: DateTime,
  { projects }: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<string> {
  const myself = await gateway.send({ method: 'GET', path: '/myself', effect: 'none', shape: wireMyself, signal });
  const since = quoteJql(jqlMoment(moment, myself.timeZone ?? 'UTC'));
  return `project in (${projects.map(quoteJql).join(', ')}) AND updated >= ${since} ORDER BY updated ASC`;
}
