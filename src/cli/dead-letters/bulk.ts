import { BridgeError } from '../../errors.ts';
import type { LetterOffice } from '../../flow/letters/office.ts';
import type { JobAct } from '../../store/letter-jobs.ts';
import type { LetterFilter } from '../../store/store.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { describeJob, watchJob } from './watch-job.ts';

/** What commander makes of the options of bulk acts. */
export interface BulkOptions {
  readonly as?: string;
  readonly reason?: string;
  readonly recorded?: boolean;
  readonly rate: number;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Begins a job over the letters of a filter; the running bridge works it off. */
export async function beginBulk(
  act: JobAct,
  filter: LetterFilter,
  { as, reason, recorded, rate, watch, json }: BulkOptions,
  { store, now }: LetterOffice,
  context: CommandContext,
): Promise<ExitCode> {
  if (recorded === true) {
    throw new BridgeError('CASE_INVALID', '--recorded is for one letter: in bulk they go as things are now');
  }

  const job = await store.beginJob({
    act,
    filter,
    by: as ?? context.login,
    now: now(),
    perMinute: rate,
    ...(reason === undefined ? {} : { reason }),
  });
  if (watch === true) {
    return watchJob(job, json === true, store, context);
  }
  context.streams.out(json === true ? `${JSON.stringify(job, null, 2)}\n` : describeJob(job));
  return 0;
}
