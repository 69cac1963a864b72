import type { WriteAudit } from './audit.ts';
import type { Database } from './database.ts';
import { createJobBook } from './job-book.ts';
import { discardLetter, restoreLetter, reviseLetter } from './letter-fates.ts';
import type { JobBook } from './letter-jobs.ts';
import { deliverLetter, orderReplay, orders, settleOrders } from './letter-replays.ts';
import { countLetters, letterGroups, lettersLike, oldestLetter, revisions } from './letter-search.ts';
import type { LetterDesk } from './letters.ts';

/** Lets a method use the database. */
export type Using = <Parameters extends unknown[], Result>(
  method: (...parameters: Parameters) => Promise<Result>,
) => (...parameters: Parameters) => Promise<Result>;

/** What people do with dead letters. */
export function createLetterDesk(database: Database, audit: WriteAudit, using: Using): LetterDesk {
  const act = { database, audit };
  return {
    ...createJobDesk(database, audit, using),
    countLetters: using((filter) => countLetters(database, filter)),
    oldestLetter: using((filter) => oldestLetter(database, filter)),
    letterGroups: using((filter, limit) => letterGroups(database, filter, limit)),
    lettersLike: using((beginning, limit) => lettersLike(database, beginning, limit)),
    revisions: using((id) => revisions(database, id)),
    orderReplay: using((letter, as, by) => orderReplay(act, letter, as, by)),
    deliverLetter: using((letter, events, by) => deliverLetter(act, letter, events, by)),
    reviseLetter: using((letter, edit, by) => reviseLetter(act, letter, edit, by)),
    discardLetter: using((letter, by) => discardLetter(act, letter, by)),
    restoreLetter: using((letter, by) => restoreLetter(act, letter, by)),
    orders: using((ticket) => orders(database, ticket)),
    settleOrders: using((claim, end, now) => settleOrders(database, claim, end, now)),
  };
}

function createJobDesk(database: Database, audit: WriteAudit, using: Using): JobBook {
  const book = createJobBook(database, audit);
  return {
    beginJob: using(book.beginJob),
    jobs: using(book.jobs),
    jobsLike: using(book.jobsLike),
    stopJob: using(book.stopJob),
    resumeJob: using(book.resumeJob),
    claimJob: using(book.claimJob),
    jobItems: using(book.jobItems),
    batchProgress: using(book.batchProgress),
    finishStep: using(book.finishStep),
  };
}
