import type { WriteAudit } from './audit.ts';
import type { Database } from './database.ts';
import { discardLetter, restoreLetter, reviseLetter } from './letter-fates.ts';
import { deliverLetter, orderReplay, orders, settleOrders } from './letter-replays.ts';
import { countLetters, letterGroups, lettersLike, revisions } from './letter-search.ts';
import type { LetterDesk } from './letters.ts';

/** Lets a method use the database. */
export type Using = <Parameters extends unknown[], Result>(
  method: (...parameters: Parameters) => Promise<Result>,
) => (...parameters: Parameters) => Promise<Result>;

/** What people do with dead letters. */
export function createLetterDesk(database: Database, audit: WriteAudit, using: Using): LetterDesk {
  const act = { database, audit };
  return {
    countLetters: using((filter) => countLetters(database, filter)),
    letterGroups: using((filter, limit) => letterGroups(database, filter, limit)),
    lettersLike: using((beginning, limit) => lettersLike(database, beginning, limit)),
    revisions: using((id) => revisions(database, id)),
    orderReplay: using((letter, as, by) => orderReplay(act, letter, as, by)),
    deliverLetter: using((letter, events, by) => deliverLetter(act, letter, events, by)),
    reviseLetter: using((letter, edit, by) => reviseLetter(act, letter, edit, by)),
    discardLetter: using((letter, by) => discardLetter(act, letter, by)),
    restoreLetter: using((letter, by) => restoreLetter(act, letter, by)),
    orders: using((ticket) => orders(database, ticket)),
    settleOrders: using((claim, now) => settleOrders(database, claim, now)),
  };
}
