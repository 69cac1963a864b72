import { readFile, writeFile } from 'node:fs/promises';
import type { DateTime } from 'luxon';
import { blankLink } from '../domain/link.ts';
import type { Ref } from '../domain/ticket.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import { explain } from '../explain/explain.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { ExplainRequest } from '../explain/request.ts';
import { kinOf, readRelated } from '../flow/gather.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { loadPolicy } from '../policy/load.ts';
import { parseSeenFacts, writeFacts } from '../replay/facts-file.ts';
import type { ReadOnlyStore } from '../store/sqlite.ts';
import { type AppConfig, loadRules, loadSettings } from './config.ts';
import { isStoreYetToCome, openStoreReadOnly } from './store.ts';
import { connectSystems, type Systems } from './systems.ts';

/**
 * `bridge explain`: why the rules decide about a ticket as they do. Reads both systems, or a file; writes nothing there.
 * Throws `CONFIGURATION_INVALID`, `SNAPSHOT_INVALID`, `RECORD_NOT_READABLE` and what the systems answer.
 */
export async function explainTicket(
  config: string,
  request: ExplainRequest,
  now: () => DateTime,
  signal: AbortSignal,
): Promise<Explanation> {
  const { ticket, file, save, at, mappings } = request;
  if (file !== undefined) {
    const { policy } = await loadRules(config, mappings);
    const seen = parseSeenFacts(await readJson(file), file);
    refuseBefore(at, seen.facts.ticket.createdAt);
    // What is not known to have been seen at a moment is explained as of its last change.
    const seenAt = seen.at ?? seen.facts.ticket.changedAt;
    return explain(seen.facts, policy, seenAt, at ?? seenAt);
  }

  const settings = await loadSettings(config);
  const policy = mappings === undefined ? settings.policy : await loadPolicy(mappings);
  const { facts, doubts } = await gatherLive(ticket ?? '', settings.config, now, signal);
  refuseBefore(at, facts.ticket.createdAt);
  const moment = now();
  if (save !== undefined) {
    await writeFile(save, `${writeFacts(facts, moment)}\n`, { mode: 0o600 });
  }
  const explanation = explain(facts, policy, moment, at ?? moment);
  return { ...explanation, doubts: [...explanation.doubts, ...doubts] };
}

function refuseBefore(at: DateTime | undefined, registered: DateTime): void {
  if (at !== undefined && at < registered) {
    const message = `the ticket was registered only ${registered.toUTC().toISO({ suppressMilliseconds: true })}`;
    throw new BridgeError('CASE_INVALID', `--at lies before it: ${message}`);
  }
}

const NO_MEMORY =
  'There is no store here yet, so it is not known what the bridge has done: some of what would follow may be done.';

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new BridgeError('SNAPSHOT_INVALID', `${file} cannot be read (${cause.code})`, { cause });
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new BridgeError('SNAPSHOT_INVALID', `${file} is no JSON: ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    });
  }
}

async function gatherLive(name: string, config: AppConfig, now: () => DateTime, signal: AbortSignal) {
  const systems = connectSystems(config, now, createLog('silent'), createMetrics());
  try {
    const ref = await findTicket(name, systems, config, signal);
    const { otrs, jira } = systems.desks;
    if (otrs === undefined || jira === undefined) {
      throw new BridgeError('INTERNAL', 'a system is not connected');
    }

    const ticket = await otrs.read(ref, signal);
    const memory = await remembered(config, (store) => store.link(ticket.ref));
    const link = memory ?? blankLink(ticket.ref);
    const kin = await remembered(config, (store) => kinOf(ticket, link, systems.desks, store, signal));
    // A bridge on another machine may hold the link; the ticket itself shows its issue, or that of another ticket.
    const key = kin?.shownIssueOf === undefined ? [ticket.fields.issue_key ?? []].flat()[0] : undefined;
    const issueRef =
      link.issue ?? (key === undefined ? undefined : await jira.locate(key, signal).catch(() => undefined));
    // The terms and the priority need no issue: they can be explained while JIRA is away.
    const read = issueRef === undefined ? undefined : await jira.read(issueRef, signal).catch(toBridgeError);
    const issue = read instanceof BridgeError ? undefined : read;
    const { related, unread, missed } = await readRelated(link.related, ref.system, systems.desks, signal);
    const facts = {
      ticket,
      ...(related.length === 0 ? {} : { related }),
      ...kin,
      link: issueRef === undefined ? link : { ...link, issue: issueRef },
      ...(issue === undefined ? {} : { issue }),
      ...(read instanceof BridgeError && read.code === 'RECORD_NOT_READABLE' ? { isIssueGone: true as const } : {}),
    };
    const doubts = [
      ...(memory === undefined ? [NO_MEMORY] : []),
      ...[...unread].map(([system, { message }]) => `${system} is left out, it cannot be read now: ${message}.`),
      ...missed.map(({ message }) => `A linked ticket is left out: ${message}.`),
      ...(read instanceof BridgeError ? [`JIRA is left out, it cannot be read now: ${read.message}.`] : []),
    ];
    return { facts, doubts };
  } finally {
    await Promise.all(Object.values(systems.connections).map(({ desk }) => desk.close()));
  }
}

/** An issue key leads to its ticket by the link; everything else is a ticket number or an id. */
export async function findTicket(
  name: string,
  { desks }: Systems,
  config: AppConfig,
  signal: AbortSignal,
): Promise<Ref> {
  const { otrs, jira } = desks;
  const issue = /^[A-Z][A-Z0-9_]*-\d+$/i.test(name) ? await jira?.locate(name, signal) : undefined;
  const linked = issue === undefined ? undefined : await remembered(config, (store) => store.ticketOf(issue));
  const found = linked ?? (await otrs?.locate(name, signal));
  if (found !== undefined) {
    return found;
  }
  if (/^\d{1,12}$/.test(name)) {
    return { system: config.ticket_system, id: name };
  }

  if (issue !== undefined) {
    const message = `the bridge knows no ticket of issue ${name}`;
    throw new BridgeError('RECORD_NOT_READABLE', `${message}; give the number of the ticket`);
  }

  const advice = 'Give the ticket number, the id from its address, or the key of its issue.';
  throw new BridgeError('RECORD_NOT_READABLE', `OTRS shows the bridge no ticket «${name}». ${advice}`);
}

/** What the store knows; undefined where there is none yet. */
async function remembered<Known>(
  config: AppConfig,
  ask: (store: ReadOnlyStore) => Promise<Known>,
): Promise<Known | undefined> {
  if (isStoreYetToCome(config)) {
    return undefined;
  }

  const store = openStoreReadOnly(config, createLog('silent'));
  return ask(store).finally(() => store.close());
}
