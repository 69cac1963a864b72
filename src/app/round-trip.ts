import { setTimeout as sleep } from 'node:timers/promises';
import type { DateTime } from 'luxon';
import type { Desk, Finding } from '../connector.ts';
import { nameOf, type Ref, type Snapshot } from '../domain/ticket.ts';
import { BridgeError, explain, toBridgeError } from '../errors.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import type { ReadOnlyStore } from '../store/sqlite.ts';
import { bridgeUrlOf } from './bridge-url.ts';
import type { AppConfig } from './config.ts';
import { findTicket } from './explain.ts';
import { isStoreYetToCome, openStoreReadOnly } from './store.ts';
import { connectSystems } from './systems.ts';

export interface RoundTrip {
  /** Number of the ticket, its id, or the key of its issue. */
  readonly ticket: string;
  /** How long to wait for the webhook. */
  readonly seconds: number;
  /** Told what a person has to do now. */
  readonly ask: (text: string) => void;
}

const SUBJECT = 'webhooks: round trip';
const POLL_MS = 500;
const DOOR_MS = 5_000;

/**
 * Waits for the webhook of a change that a person makes to a ticket: OTRS sends it, the running bridge takes it in, the store
 * has it. The bridge cannot make the change itself, for of its own changes OTRS sends none.
 */
export async function checkRoundTrip(
  config: AppConfig,
  trip: RoundTrip,
  now: () => DateTime,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (isStoreYetToCome(config)) {
    return [finding('error', 'There is no store yet: start `bridge serve` first, it takes the webhook in.')];
  }

  const log = createLog('silent');
  const systems = connectSystems(config, now, log, createMetrics());
  try {
    const ref = await findTicket(trip.ticket, systems, config, signal);
    const { otrs } = systems.connections;
    if (otrs === undefined) {
      throw new BridgeError('INTERNAL', 'OTRS is not connected');
    }

    const door = await lookAtDoor(config);
    const store = openStoreReadOnly(config, log);
    const parts = { ref, desk: otrs.desk, store, ownUser: config.otrs.user_id, now, signal };
    return [...door, await travel(parts, trip).finally(() => store.close())];
  } catch (thrown) {
    return [
      signal.aborted
        ? finding('warning', 'The waiting was stopped, so nothing is proven.')
        : finding('error', explain(toBridgeError(thrown))),
    ];
  } finally {
    await Promise.all(Object.values(systems.connections).map(({ desk }) => desk.close()));
  }
}

interface Travel {
  readonly ref: Ref;
  readonly desk: Desk;
  readonly store: ReadOnlyStore;
  /** The bridge's own user id, if the configuration knows it. */
  readonly ownUser: string | undefined;
  readonly now: () => DateTime;
  readonly signal: AbortSignal;
}

async function travel(
  { ref, desk, store, ownUser, now, signal }: Travel,
  { seconds, ask }: RoundTrip,
): Promise<Finding> {
  const before = await desk.read(ref, signal);
  const known = (await store.arrivals(ref)).at(-1)?.turn ?? 0;
  const started = now();
  const name = nameOf(before.ref);
  ask(
    `Now change ticket ${name} in OTRS as a person, not as the bridge: write a note, for example. Waiting up to ${seconds} s for its webhook.`,
  );

  const waited = () => now().diff(started).as('seconds');
  while (waited() < seconds) {
    await sleep(POLL_MS, undefined, { signal });
    const news = (await store.arrivals(ref)).filter(({ turn, system }) => turn > known && system === ref.system);
    if (news.some(({ channel }) => channel === 'webhook')) {
      return finding('ok', `The webhook of a change to ticket ${name} came after ${Math.ceil(waited())} s.`);
    }
  }

  const after = await desk.read(ref, signal);
  return isChangedByOthers(before, after, ownUser)
    ? finding('error', `Ticket ${name} was changed and no webhook came within ${seconds} s. ${ADVICE}`)
    : finding('warning', `Nobody changed ticket ${name} within ${seconds} s, so nothing is proven.`);
}

/** The bridge may have worked on the ticket meanwhile. Without a history only the moment of the last change tells. */
function isChangedByOthers(before: Snapshot, after: Snapshot, ownUser: string | undefined): boolean {
  return after.history.length === 0
    ? !after.changedAt.equals(before.changedAt)
    : after.history.slice(before.history.length).some(({ by }) => by !== ownUser);
}

const ADVICE =
  'Look whether the OTRS daemon runs, whether the web service leads to this bridge and tells of such a change (Admin > Web Services > Debugger, the log of the daemon), whether it was a person who made it, and whether the log of the bridge shows refused webhooks.';

/** Nobody takes a webhook in where no bridge runs. It may run on another host, so this proves nothing to the contrary. */
async function lookAtDoor(config: AppConfig): Promise<readonly Finding[]> {
  const url = `${bridgeUrlOf(config) ?? `http://127.0.0.1:${config.http.port}`}/healthz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(DOOR_MS) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true
    ? []
    : [
        {
          level: 'warning',
          subject: 'bridge',
          message: `No running bridge answers at ${url}: without \`bridge serve\` nobody takes the webhook in.`,
        },
      ];
}

function finding(level: Finding['level'], message: string): Finding {
  return { level, subject: SUBJECT, message };
}
