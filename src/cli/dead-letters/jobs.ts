import { BridgeError } from '../../errors.ts';
import type { LetterOffice } from '../../flow/letters/office.ts';
import type { LetterJob } from '../../store/letter-jobs.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { describeJob, watchJob } from './watch-job.ts';

export interface JobsOptions {
  readonly config: string;
  readonly as?: string;
  readonly limit: number;
  readonly watch?: string | true;
  readonly stop?: string;
  readonly resume?: string;
  readonly withNew?: boolean;
  readonly json?: boolean;
}

/** Jobs that are counted where the beginning of an id fits more than one. */
const AMONG = 1_000;

/** Shows and steers bulk acts. */
export const jobs = {
  name: 'jobs',
  description:
    'Show jobs, the newest first, with what became of their letters; watch, stop or resume one. A job sends one letter first, then 2, 5, 20 and 50 at a time, and stops by itself when a batch fails more than it mends.',
  examples: [
    'bridge dead-letters jobs',
    'bridge dead-letters jobs --watch',
    'bridge dead-letters jobs --stop 7c1e22aa',
    'bridge dead-letters jobs --resume 7c1e22aa --with-new --watch',
  ],
  run: (options: JobsOptions, context: CommandContext): Promise<ExitCode> => {
    const { deeds, streams, login } = context;
    const { config, as = login, limit, watch, stop, resume, withNew, json } = options;
    if (stop !== undefined && resume !== undefined) {
      throw new BridgeError('CASE_INVALID', 'give either --stop or --resume, not both');
    }

    const access = stop === undefined && resume === undefined ? 'look' : 'change';
    return deeds.letters<ExitCode>(config, access, async ({ store, now }) => {
      const show = (shown: readonly LetterJob[]) =>
        streams.out(json === true ? `${JSON.stringify(shown, null, 2)}\n` : toText(shown));
      const acted =
        stop !== undefined
          ? await store.stopJob((await findJob(store, stop)).id, as, now())
          : resume !== undefined
            ? await store.resumeJob((await findJob(store, resume)).id, withNew === true, as, now())
            : undefined;
      if (watch !== undefined) {
        const [latest] = await store.jobs(1);
        const watched = acted ?? (typeof watch === 'string' ? await findJob(store, watch) : latest);
        if (watched === undefined) {
          throw new BridgeError('LETTER_UNKNOWN', 'there is no job yet');
        }
        return watchJob(watched, json === true, store, context);
      }

      show(acted === undefined ? await store.jobs(limit) : [acted]);
      return 0;
    });
  },
};

async function findJob(store: LetterOffice['store'], beginning: string): Promise<LetterJob> {
  const alike = await store.jobsLike(beginning, AMONG);
  const [job] = alike;
  if (job === undefined || alike.length > 1) {
    const many = job === undefined ? 'no job has' : `${alike.length} jobs have`;
    throw new BridgeError('LETTER_UNKNOWN', `${many} an id that begins with «${beginning}»`);
  }
  return job;
}

function toText(shown: readonly LetterJob[]): string {
  return shown.length === 0 ? 'no jobs\n' : shown.map(describeJob).join('\n');
}
