import { BridgeError, toBridgeError } from '../errors.ts';
import { accept } from './accept.ts';
import { attempts, keepAttempt } from './attempts.ts';
import { createAuditTrail } from './audit.ts';
import type { Database } from './database.ts';
import { bury, layToRest, unbury } from './dead-letters.ts';
import { arrivals, lastHeard } from './heard.ts';
import { inherit, unlink } from './inherit.ts';
import { complete, countUnsent, doubtful, forget, intend, intent, refuse, retract } from './intents.ts';
import { createLetterDesk, type Using } from './letter-desk.ts';
import { deadLetters } from './letter-search.ts';
import { link, remember, ticketOf } from './links.ts';
import { looks, releaseKeeping } from './looks.ts';
import { migrate, verify } from './migrate.ts';
import { prune } from './prune.ts';
import { storyMatter, ticketNamed } from './read-story.ts';
import { rouse } from './rouse.ts';
import { signals } from './signals.ts';
import { keepSnapshot, lastSeen, seenLately, snapshots, wakeStale } from './snapshots.ts';
import { createOutbox } from './sql-outbox.ts';
import type { Store } from './store.ts';
import { beginSweep, leaveSweep, moveSweepMark } from './sweeps.ts';
import { whoTold } from './told.ts';
import { backlog, claim, endDeadClaims, extend, nextDue, release, unseenRecords } from './work.ts';

/** The store on a database that is open. All errors are `BridgeError`; `close` waits for what is under way. */
export function createSqlStore(database: Database): Store {
  const { using, close } = guard(database);
  const trail = createAuditTrail(database);
  let served = 0;

  return {
    accept: using((events, now) => accept(database, events, now)),
    claim: using(async (owner, limit, leaseMs, now) => {
      const claims = await claim(database, owner, limit, leaseMs, now, served);
      served += claims.length;
      return claims;
    }),
    extend: using((held, leaseMs, now) => extend(database, held, leaseMs, now)),
    release: using((held, end, now, look) =>
      look === undefined ? release(database, held, end, now) : releaseKeeping(database, held, end, now, look),
    ),
    looks: using((ticket, filter) => looks(database, ticket, filter)),
    endDeadClaims: using((now) => endDeadClaims(database, now)),
    rouse: using((system, most, now) => rouse(database, system, most, now)),
    nextDue: using(() => nextDue(database)),
    unseenRecords: using((ticket) => unseenRecords(database, ticket)),
    link: using((ticket) => link(database, ticket)),
    ticketOf: using((issue) => ticketOf(database, issue)),
    remember: using((held, change) => remember(database, held, change)),
    inherit: using((held, from, inheritance, now) => inherit(database, held, from, inheritance, now)),
    unlink: using((held, record) => unlink(database, held, record)),
    intend: using((held, action, now) => intend(database, held, action, now)),
    intent: using((ticket, key) => intent(database, ticket, key)),
    doubtful: using((ticket) => doubtful(database, ticket)),
    forget: using((claim, key) => forget(database, claim, key)),
    complete: using((...call) => complete(database, ...call)),
    retract: using((held, action, attempt) => retract(database, held, action, attempt)),
    countUnsent: using((held, action, now, attempt) => countUnsent(database, held, action, now, attempt)),
    refuse: using((held, action, letter, attempt) => refuse(database, held, action, letter, attempt)),
    keepAttempt: using((held, attempt) => keepAttempt(database, held, attempt)),
    attempts: using((ticket, filter) => attempts(database, ticket, filter)),
    bury: using((letter) => bury(database, letter)),
    unbury: using((ticket, now) => unbury(database, ticket, now)),
    layToRest: using((ticket, besides, now) => layToRest(database, ticket, besides, now)),
    deadLetters: using((filter) => deadLetters(database, filter)),
    ...createLetterDesk(database, trail.audit, using),
    beginSweep: using((name, everyMs, now) => beginSweep(database, name, everyMs, now)),
    leaveSweep: using((name, begunAt) => leaveSweep(database, name, begunAt)),
    moveSweepMark: using((name, from, to) => moveSweepMark(database, name, from, to)),
    lastHeard: using((system) => lastHeard(database, system)),
    arrivals: using((ticket) => arrivals(database, ticket)),
    whoTold: using((changes, slackMs) => whoTold(database, changes, slackMs)),
    keepSnapshot: using((held, snapshot) => keepSnapshot(database, held, snapshot)),
    lastSeen: using((ticket) => lastSeen(database, ticket)),
    seenLately: using((besides, limit) => seenLately(database, besides, limit)),
    snapshots: using((page) => snapshots(database, page)),
    wakeStale: using((rules, now) => wakeStale(database, rules, now)),
    prune: using((kind, before, limit) => prune(database, kind, before, limit)),
    ticketNamed: using((name) => ticketNamed(database, name)),
    storyMatter: using((ticket, filter) => storyMatter(database, ticket, filter)),
    outbox: createOutbox(database, using),
    audit: using((entry) => trail.audit(entry)),
    auditTrail: using(trail.auditTrail),
    backlog: using((now) => backlog(database, now)),
    signals: using(() => signals(database)),
    migrate: using(() => migrate(database)),
    verify: using(() => verify(database)),
    close,
  };
}

/** Keeps a database from being closed under those who use it. */
function guard(database: Database) {
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  /** Lets a method use the database: guarded against a closed store, and with errors in the bridge's words. */
  const using: Using =
    (method) =>
    async (...parameters) => {
      if (closing !== undefined) {
        throw new BridgeError('STORE_UNAVAILABLE', 'the store is closed');
      }

      const result = method(...parameters);
      underWay.add(result);
      try {
        return await result;
      } catch (thrown) {
        throw inBridgeWords(database, thrown);
      } finally {
        underWay.delete(result);
      }
    };

  return {
    using,
    close: () => {
      closing ??= Promise.allSettled(underWay).then(database.close);
      return closing;
    },
  };
}

function inBridgeWords(database: Database, thrown: unknown): BridgeError {
  if (thrown instanceof BridgeError) {
    return thrown;
  }

  switch (database.faultOf(thrown)) {
    case 'unavailable':
      return database.unavailable(thrown);
    case 'conflict':
      return new BridgeError('STORE_UNAVAILABLE', 'two transactions got in each other’s way; this one was undone', {
        cause: thrown,
        disposition: 'again',
      });
    case 'schema':
      return new BridgeError('STORE_OUTDATED', `a table or column is missing: ${toBridgeError(thrown).message}`, {
        cause: thrown,
      });
    default:
      return toBridgeError(thrown);
  }
}
