import { describe } from '@jest/globals';
import { describeAccounts } from './promises/accounts.ts';
import { describeArrivals } from './promises/arrivals.ts';
import { describeAttempts } from './promises/attempts.ts';
import { describeClaims } from './promises/claims.ts';
import { describeCorrelation } from './promises/correlation.ts';
import { describeDeadLetters } from './promises/dead-letters.ts';
import { describeFairness } from './promises/fairness.ts';
import { describeFences } from './promises/fences.ts';
import { describeHeard } from './promises/heard.ts';
import { describeInheritance } from './promises/inheritance.ts';
import { describeIntents } from './promises/intents.ts';
import { describeLetterActs } from './promises/letter-acts.ts';
import { describeLetterJobs } from './promises/letter-jobs.ts';
import { describeLetterSearch } from './promises/letter-search.ts';
import { describeLinks } from './promises/links.ts';
import { describeLooks } from './promises/looks.ts';
import { describeOutbox } from './promises/outbox.ts';
import { describePruning } from './promises/prune.ts';
import type { Subject } from './promises/sample.ts';
import { describeSchema } from './promises/schema.ts';
import { describeSnapshots } from './promises/snapshots.ts';
import { describeStory } from './promises/story.ts';
import { describeSweeps } from './promises/sweeps.ts';
import { describeTold } from './promises/told.ts';
import { describeWaiting } from './promises/waiting.ts';

/** What every store promises, whatever database it keeps its rows in. `open` answers with an empty database. */
export function describeStore(name: string, open: () => Promise<Subject>): void {
  const openMigrated = async (): Promise<Subject> => {
    const subject = await open();
    await subject.store.migrate();
    return subject;
  };

  describe(name, () => {
    describePromises('that is open', openMigrated);
    describeAttempts(openMigrated);
    describeLetterSearch(openMigrated);
    describeLetterActs(openMigrated);
    describeLetterJobs(openMigrated);
    describeLooks(openMigrated);
    describePruning(openMigrated);
    describeStory(openMigrated);
    describeOutbox(openMigrated);
    describeCorrelation(openMigrated);
    describeSchema(open);
  });
}

/**
 * What the flow rests on, for a store that is ready for use: the one that the simulation plays with keeps it too. What only
 * operators use belongs above.
 */
export function describePromises(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    describeArrivals(open);
    describeClaims(open);
    describeFairness(open);
    describeFences(open);
    describeLinks(open);
    describeHeard(open);
    describeIntents(open);
    describeInheritance(open);
    describeDeadLetters(open);
    describeSweeps(open);
    describeTold(open);
    describeWaiting(open);
    describeSnapshots(open);
    describeAccounts(open);
  });
}
