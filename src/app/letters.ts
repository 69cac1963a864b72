import type { DateTime } from 'luxon';
import { BridgeError } from '../errors.ts';
import type { LetterOffice } from '../flow/letters/office.ts';
import { type Rehearsal, type RehearsedCall, rehearse } from '../flow/letters/rehearse.ts';
import { withoutSecrets } from '../flow/redact.ts';
import { parseCloudEvent } from '../intake/cloud-event.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import type { DeadLetter, ReplayAs, Store } from '../store/store.ts';
import { loadSettings, type Settings } from './config.ts';
import { openStoreForOperator, openStoreToLook } from './store.ts';
import { connectSystems } from './systems.ts';

/** Whoever only looks cannot change anything by mistake. */
export type LetterAccess = 'look' | 'change';

/** Opens the place where dead letters are dealt with, for as long as `work` takes. Throws `STORE_*`. */
export async function openLetterOffice<Result>(
  file: string,
  access: LetterAccess,
  now: () => DateTime,
  work: (office: LetterOffice) => Promise<Result>,
): Promise<Result> {
  const settings = await loadSettings(file);
  const log = createLog('silent');
  const store = access === 'look' ? openStoreToLook(settings.config, log) : openStoreForOperator(settings.config, log);
  try {
    await store.verify();
    return await work({
      store,
      now,
      readMessage: parseCloudEvent,
      rehearse: (letter, as, signal) => rehearseWith(settings, store, now, letter, as, signal),
    });
  } finally {
    await store.close();
  }
}

/** Connects the systems so that every write ends before it is sent. */
async function rehearseWith(
  { config, policy }: Settings,
  store: Store,
  now: () => DateTime,
  letter: DeadLetter,
  as: ReplayAs,
  signal: AbortSignal,
): Promise<Rehearsal> {
  let written: RehearsedCall[] = [];
  const onWrite = (call: RehearsedCall) => {
    written.push(call);
    throw new BridgeError('REHEARSED', `${call.method} ${call.path} was not sent`);
  };
  const { desks } = connectSystems(config, now, createLog('silent'), createMetrics(), { onWrite });
  const taken = () => {
    const calls = written.map(({ request, ...call }) =>
      request === undefined ? call : { ...call, request: withoutSecrets(request) },
    );
    written = [];
    return calls;
  };
  try {
    return await rehearse(letter, as, { desks, written: taken, store, policy, now }, signal);
  } finally {
    await Promise.all(Object.values(desks).map((desk) => desk.close()));
  }
}
