import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { DateTime } from 'luxon';
import { BridgeError } from '../errors.ts';
import type { WriteAudit } from './audit.ts';
import type { Database, Queries } from './database.ts';
import { demandNoRival } from './job-rivals.ts';
import type {
  JobBook,
  JobClaim,
  JobItem,
  JobItemState,
  JobOrder,
  JobOutcome,
  JobStep,
  LetterJob,
  NewJob,
} from './letter-jobs.ts';
import { beginsWith, countLetters, matching } from './letter-search.ts';
import { momentOf, optionalTextOf, textOf } from './rows.ts';
import type { LetterJobTable, Schema } from './schema.ts';
import type { LetterFilter } from './store.ts';

type Progress = Readonly<Record<JobItemState, number>>;

/** Bulk acts on letters; see the contract. */
export function createJobBook(database: Database, audit: WriteAudit): JobBook {
  return {
    beginJob: (job) => beginJob(database, audit, job),
    jobs: (limit) => jobs(database, '', limit),
    jobsLike: (beginning, limit) => jobs(database, beginning, limit),
    stopJob: (id, who, now) => stopJob(database, audit, id, who, now),
    resumeJob: (id, withNew, who, now) => resumeJob(database, audit, id, withNew, who, now),
    claimJob: (owner, leaseMs, now) => claimJob(database, owner, leaseMs, now),
    jobItems: (id, state, limit) => jobItems(database, id, state, limit),
    batchProgress: (id, turn) => progressOf(database.queries, id, turn),
    finishStep: (claim, step, now) => finishStep(database, claim, step, now),
  };
}

function beginJob(database: Database, audit: WriteAudit, job: NewJob): Promise<LetterJob> {
  return database.queries.transaction().execute(async (transaction) => {
    const { act, filter, by, now, reason, perMinute } = job;
    const row: LetterJobTable = {
      id: randomUUID(),
      act,
      filter: JSON.stringify(filter),
      created_by: textOf(by),
      created_at: now.toMillis(),
      reason: optionalTextOf(reason),
      state: 'running',
      note: null,
      per_minute: perMinute,
      batch: 1,
      turn: 0,
      next_at: now.toMillis(),
      lease_until: null,
      lease_owner: null,
      fence: 0,
    };
    await database.lockJobs(transaction);
    await transaction.insertInto('letter_job').values(row).execute();
    await addItems(transaction, row.id, filter);
    await demandNoRival(transaction, row.id);
    const begun = await jobOf(transaction, row);
    if (begun.progress.todo === 0) {
      throw new BridgeError('LETTER_UNKNOWN', 'no open letter is like that: there is nothing to do');
    }
    await noteJob(audit, transaction, row, 'began job', by, now, { letters: begun.progress.todo });
    return begun;
  });
}

/** Open letters of the filter that the job does not have yet. */
async function addItems(transaction: Transaction<Schema>, job: string, filter: LetterFilter): Promise<void> {
  await transaction
    .insertInto('letter_job_item')
    .columns(['job', 'letter', 'first_at', 'state', 'turn'])
    .expression((from) =>
      from
        .selectFrom('dead_letter')
        .select((row) => [
          row.val(job).as('job'),
          'dead_letter.id',
          'dead_letter.first_at',
          sql<'todo'>`'todo'`.as('state'),
          sql<number>`0`.as('turn'),
        ])
        .where(matching({ ...filter, state: 'open' }))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('letter_job_item as known')
                .select('known.letter')
                .where('known.job', '=', job)
                .whereRef('known.letter', '=', 'dead_letter.id'),
            ),
          ),
        ),
    )
    .execute();
}

async function jobs(database: Database, beginning: string, limit: number): Promise<readonly LetterJob[]> {
  const rows = await database.queries
    .selectFrom('letter_job')
    .selectAll()
    .$if(beginning !== '', (query) => query.where('id', 'like', beginsWith(beginning)))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  const found: LetterJob[] = [];
  for (const row of rows) {
    found.push(await jobOf(database.queries, row));
  }
  return found;
}

function stopJob(database: Database, audit: WriteAudit, id: string, who: string, now: DateTime): Promise<LetterJob> {
  return database.queries.transaction().execute(async (transaction) => {
    const row = await lockJob(database, transaction, id);
    if (row.state !== 'running') {
      throw stands(row);
    }
    const note = `stopped by ${textOf(who)}`;
    await transaction.updateTable('letter_job').set({ state: 'stopped', note }).where('id', '=', row.id).execute();
    await noteJob(audit, transaction, row, 'stopped job', who, now);
    return jobOf(transaction, { ...row, state: 'stopped', note });
  });
}

/** What failed before gets another try: somebody has mended something, or he would not go on. */
function resumeJob(
  database: Database,
  audit: WriteAudit,
  id: string,
  withNew: boolean,
  who: string,
  now: DateTime,
): Promise<LetterJob> {
  return database.queries.transaction().execute(async (transaction) => {
    await database.lockJobs(transaction);
    const row = await lockJob(database, transaction, id);
    if (row.state === 'running' || (row.state === 'done' && !withNew)) {
      throw stands(row);
    }
    if (withNew) {
      await addItems(transaction, row.id, filterOf(row));
    }
    await transaction
      .updateTable('letter_job_item')
      .set({ state: 'todo' })
      .where('job', '=', row.id)
      .where('state', '=', 'failed')
      .execute();
    await demandNoRival(transaction, row.id);
    await forgetActs(transaction, row.id);
    const columns = { state: 'running' as const, note: null, batch: 1, turn: row.turn + 1, next_at: now.toMillis() };
    await transaction.updateTable('letter_job').set(columns).where('id', '=', row.id).execute();
    await noteJob(audit, transaction, row, 'resumed job', who, now, { withNew });
    return jobOf(transaction, { ...row, ...columns });
  });
}

/** What failed in the job's hands, whether or not that was written down, is as if it had not been there. */
async function forgetActs(transaction: Transaction<Schema>, job: string): Promise<void> {
  await transaction
    .updateTable('dead_letter')
    .set({ ordered_job: null })
    .where('state', '=', 'open')
    .where('ordered_as', 'is', null)
    .where('ordered_job', '=', job)
    .execute();
}

async function claimJob(
  database: Database,
  owner: string,
  leaseMs: number,
  now: DateTime,
): Promise<JobClaim | undefined> {
  const moment = now.toMillis();
  for (const due of [runningJob, stoppedJobInHand]) {
    // Mostly there is none, and then nothing is locked.
    if ((await due(database.queries, moment).executeTakeFirst()) !== undefined) {
      return database.queries.transaction().execute(async (transaction) => {
        const row = await database.lockFreeRows(due(transaction, moment)).executeTakeFirst();
        if (row === undefined) {
          return undefined;
        }
        const lease = { lease_until: moment + leaseMs, lease_owner: textOf(owner), fence: row.fence + 1 };
        await transaction.updateTable('letter_job').set(lease).where('id', '=', row.id).execute();
        return { job: orderOf(row), fence: row.fence + 1 };
      });
    }
  }
  return undefined;
}

function runningJob(queries: Queries, moment: number) {
  return freeJob(queries, moment).where('state', '=', sql.lit('running'));
}

/** What was ordered before the stop goes on, and what comes of it is counted. */
function stoppedJobInHand(queries: Queries, moment: number) {
  return freeJob(queries, moment)
    .where('state', '=', 'stopped')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('letter_job_item')
          .select('letter_job_item.letter')
          .whereRef('letter_job_item.job', '=', 'letter_job.id')
          .where('letter_job_item.state', '=', 'waiting'),
      ),
    );
}

function freeJob(queries: Queries, moment: number) {
  return queries
    .selectFrom('letter_job')
    .selectAll('letter_job')
    .where('next_at', '<=', moment)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', moment)]))
    .orderBy('next_at')
    .limit(1);
}

async function jobItems(
  { queries }: Database,
  id: string,
  state: JobItemState,
  limit: number,
): Promise<readonly JobItem[]> {
  const rows = await queries
    .selectFrom('letter_job_item as item')
    .leftJoin('dead_letter', 'dead_letter.id', 'item.letter')
    .select(['item.letter', 'item.state', 'item.turn', 'dead_letter.ordered_job'])
    .where('item.job', '=', textOf(id))
    .where('item.state', '=', state)
    .orderBy('item.first_at')
    .orderBy('item.letter')
    .limit(limit)
    .execute();
  return rows.map(({ ordered_job, ...item }) => ({ ...item, isActedOn: ordered_job === id }));
}

/** What happened to the letters is written down in any case; how the job goes on, only by who still has it. */
function finishStep(database: Database, { job, fence }: JobClaim, step: JobStep, now: DateTime): Promise<boolean> {
  return database.queries.transaction().execute(async (transaction) => {
    const row = await lockJob(database, transaction, job.id);
    if (row.fence !== fence) {
      return false;
    }
    for (const item of step.items) {
      await writeItem(transaction, job.id, item);
    }
    // A step that only looked after what a stopped job had in hand says nothing about one that was resumed meanwhile.
    const isRunning = row.state === 'running' && job.state === 'running';
    await transaction
      .updateTable('letter_job')
      .set({
        lease_until: null,
        lease_owner: null,
        next_at: isRunning ? step.nextAt.toMillis() : now.toMillis(),
        ...(isRunning
          ? { state: step.state, note: optionalTextOf(step.note), batch: step.batch, turn: step.turn }
          : {}),
      })
      .where('id', '=', job.id)
      .execute();
    return isRunning;
  });
}

async function writeItem(transaction: Transaction<Schema>, job: string, item: JobOutcome): Promise<void> {
  const { letter, state, turn, became } = item;
  const ofJob = (id: string) =>
    transaction.selectFrom('letter_job_item').select('letter').where('job', '=', job).where('letter', '=', id);
  const isFollowed = became !== undefined && (await ofJob(became).executeTakeFirst()) === undefined;
  await transaction
    .updateTable('letter_job_item')
    .set({ state, turn, ...(isFollowed ? { letter: became } : {}) })
    .where('job', '=', job)
    .where('letter', '=', letter)
    .execute();
}

async function lockJob(database: Database, transaction: Transaction<Schema>, id: string): Promise<LetterJobTable> {
  const row = await database
    .lockRows(transaction.selectFrom('letter_job').selectAll().where('id', '=', textOf(id)))
    .executeTakeFirst();
  if (row === undefined) {
    throw new BridgeError('LETTER_UNKNOWN', `there is no job ${id}`);
  }
  return row;
}

function stands({ id, state, note }: LetterJobTable): BridgeError {
  return new BridgeError('LETTER_TAKEN', `job ${id} is ${state}${note === null ? '' : `: ${note}`}`);
}

async function noteJob(
  audit: WriteAudit,
  transaction: Transaction<Schema>,
  { id, act, filter, reason }: LetterJobTable,
  what: string,
  who: string,
  at: DateTime,
  more: object = {},
): Promise<void> {
  const detail = { job: id, act, filter: JSON.parse(filter), ...(reason === null ? {} : { reason }), ...more };
  await audit({ at, who, what, detail }, transaction);
}

async function jobOf(queries: Queries, row: LetterJobTable): Promise<LetterJob> {
  const order = orderOf(row);
  const progress = await progressOf(queries, row.id);
  const known = await queries
    .selectFrom('letter_job_item')
    .innerJoin('dead_letter', 'dead_letter.id', 'letter_job_item.letter')
    .select(({ fn }) => fn.countAll<number>().as('letters'))
    .where('letter_job_item.job', '=', row.id)
    .where('dead_letter.state', '=', 'open')
    .executeTakeFirstOrThrow();
  const open = await countLetters({ queries }, { ...order.filter, state: 'open' });
  return { ...order, progress, newOnes: Math.max(0, open - known.letters) };
}

function orderOf(row: LetterJobTable): JobOrder {
  return {
    id: row.id,
    act: row.act,
    filter: filterOf(row),
    by: row.created_by,
    at: momentOf(row.created_at),
    ...(row.reason === null ? {} : { reason: row.reason }),
    state: row.state,
    ...(row.note === null ? {} : { note: row.note }),
    perMinute: row.per_minute,
    batch: row.batch,
    turn: row.turn,
    nextAt: momentOf(row.next_at),
  };
}

async function progressOf(queries: Queries, id: string, turn?: number): Promise<Progress> {
  const rows = await queries
    .selectFrom('letter_job_item')
    .select(({ fn }) => ['state', fn.countAll<number>().as('letters')])
    .where('job', '=', textOf(id))
    .$if(turn !== undefined, (query) => query.where('turn', '=', turn ?? 0))
    .groupBy('state')
    .execute();
  const counted = Object.fromEntries(rows.map(({ state, letters }) => [state, letters]));
  return { todo: 0, waiting: 0, mended: 0, failed: 0, passed: 0, ...counted };
}

/** Moments came out of JSON as text. */
function filterOf({ filter }: Pick<LetterJobTable, 'filter'>): LetterFilter {
  const { since, until, ...rest } = JSON.parse(filter);
  const momentIn = (text: string) => DateTime.fromISO(text, { zone: 'utc' });
  return {
    ...rest,
    ...(since === undefined ? {} : { since: momentIn(since) }),
    ...(until === undefined ? {} : { until: momentIn(until) }),
  };
}
