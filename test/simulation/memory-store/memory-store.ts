import { DateTime } from 'luxon';
import { BridgeError, toBridgeError } from '../../../src/errors.ts';
import type { Store } from '../../../src/store/store.ts';
import * as accounts from './accounts.ts';
import * as arrivals from './arrivals.ts';
import * as intents from './intents.ts';
import * as letters from './letters.ts';
import * as memory from './memory.ts';
import { demandClaim, type Tables } from './tables.ts';
import * as work from './work.ts';

/**
 * The store's contract once more, in memory and as plain as it can be said: what the flow uses of it. It is a model of the
 * real one, held to the same conformance suite, and so quick that ten thousand worlds can be played. `home` is the ticket
 * system; calls happen one after the other, each as a whole. What only operators use is not there.
 */
export function createMemoryStore(tables: () => Tables, home: string): Store {
  let isClosed = false;
  let served = 0;

  const using =
    <Parameters extends unknown[], Result>(method: (tables: Tables, ...parameters: Parameters) => Result) =>
    async (...parameters: Parameters): Promise<Result> => {
      if (isClosed) {
        throw new BridgeError('STORE_UNAVAILABLE', 'the store is closed');
      }
      try {
        return method(tables(), ...parameters);
      } catch (thrown) {
        throw toBridgeError(thrown);
      }
    };

  const store: Partial<Store> = {
    accept: using((all, events, now) => arrivals.accept(all, home, events, now)),
    claim: using((all, _owner, limit, leaseMs, now) => {
      const claims = work.claim(all, home, limit, leaseMs, now, served);
      served += claims.length;
      return claims;
    }),
    extend: using(work.extend),
    release: using(work.release),
    // Several processes use it: nobody can tell a dead one from a slow one.
    endDeadClaims: async () => 0,
    rouse: using(work.rouse),
    nextDue: using(work.nextDue),
    unseenRecords: using(arrivals.unseenRecords),
    link: using(memory.link),
    ticketOf: using((all, issue) => memory.ticketOf(all, home, issue)),
    remember: using(memory.remember),
    inherit: using(memory.inherit),
    unlink: using(memory.unlink),
    intend: using((all, claim, action, now) => intents.count(all, claim, action, 'sending', now)),
    intent: using(intents.intent),
    doubtful: using(intents.doubtful),
    forget: using(intents.forget),
    complete: using(intents.complete),
    retract: using(intents.retract),
    countUnsent: using((all, claim, action, now) => intents.count(all, claim, action, 'unsent', now)),
    refuse: using(intents.refuse),
    // What is kept for people alone is not kept.
    keepAttempt: using(demandClaim),
    bury: using(letters.bury),
    unbury: using(letters.unbury),
    layToRest: using(letters.layToRest),
    deadLetters: using((all, filter) => letters.deadLetters(all, home, filter)),
    // Nobody orders replays.
    orders: async () => [],
    beginSweep: using(accounts.beginSweep),
    leaveSweep: using(accounts.leaveSweep),
    moveSweepMark: using(accounts.moveSweepMark),
    lastHeard: using(arrivals.lastHeard),
    arrivals: using(arrivals.arrivals),
    whoTold: using((all, changes, slackMs) => arrivals.whoTold(all, home, changes, slackMs)),
    keepSnapshot: using(accounts.keepSnapshot),
    lastSeen: using((all, { id }) => {
      const seen = all.snapshots.get(id);
      return seen === undefined
        ? undefined
        : { isDone: seen.isDone, at: DateTime.fromMillis(seen.at, { zone: 'utc' }) };
    }),
    seenLately: using((all, besides, limit) => accounts.seenLately(all, home, besides, limit)),
    snapshots: using((all, page) => accounts.snapshots(all, home, page)),
    wakeStale: using(work.wakeStale),
    audit: using(accounts.audit),
    auditTrail: using(accounts.auditTrail),
    backlog: using(work.backlog),
    migrate: async () => [],
    verify: async () => {},
    close: async () => {
      isClosed = true;
    },
  };
  return store as Store;
}
