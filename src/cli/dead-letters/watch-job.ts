import { setTimeout as sleep } from 'node:timers/promises';
import type { LetterOffice } from '../../flow/letters/office.ts';
import type { LetterJob } from '../../store/letter-jobs.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { onOneLine } from '../words.ts';
import { shortId, shortTime } from './words.ts';

const EVERY_MS = 1_000;

/** Writes a line whenever the job has got on, until it ends. 1 if it stopped, or failed with any letter. */
export async function watchJob(
  begun: LetterJob,
  isJson: boolean,
  store: LetterOffice['store'],
  { streams, signal }: Pick<CommandContext, 'streams' | 'signal'>,
): Promise<ExitCode> {
  let shown = '';
  for (let job = begun; ; ) {
    const line = isJson ? JSON.stringify(job) : progressOf(job);
    if (line !== shown) {
      streams.out(`${line}\n`);
      shown = line;
    }
    if (job.state !== 'running' || signal.aborted) {
      return job.state === 'done' && job.progress.failed === 0 ? 0 : 1;
    }

    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    job = (await store.jobsLike(job.id, 1))[0] ?? job;
  }
}

/** One job in a few lines. */
export function describeJob(job: LetterJob): string {
  const { id, act, by, at, reason, filter, state } = job;
  const { since, until, ticket, state: _, ...plain } = filter;
  const chosen = [
    ...Object.entries(plain).map(([name, value]) => `${name} ${value}`),
    ...(ticket === undefined ? [] : [`ticket ${ticket.key ?? ticket.id}`]),
    ...(since === undefined ? [] : [`since ${shortTime(since)}`]),
    ...(until === undefined ? [] : [`until ${shortTime(until)}`]),
  ].join(', ');
  const lines = [
    `job ${shortId(id)}  ${act} ${chosen === '' ? 'all' : chosen}, by ${by} at ${shortTime(at)}${reason === undefined ? '' : ` (${onOneLine(reason)})`}`,
    `    ${progressOf(job)}`,
    ...(job.newOnes > 0 && state !== 'running'
      ? [`    ${job.newOnes} came after it began: bridge dead-letters jobs --resume ${shortId(id)} --with-new`]
      : []),
    ...(state === 'running' ? [`    bridge dead-letters jobs --watch ${shortId(id)}`] : []),
    ...(state === 'stopped' ? [`    bridge dead-letters jobs --resume ${shortId(id)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function progressOf({ state, note, progress, newOnes }: LetterJob): string {
  const { todo, waiting, mended, failed, passed } = progress;
  const total = todo + waiting + mended + failed + passed;
  const parts = [
    `${mended} of ${total} mended`,
    `${failed} failed again`,
    `${waiting} waiting`,
    `${todo} to do`,
    ...(passed === 0 ? [] : [`${passed} passed over`]),
    ...(newOnes === 0 ? [] : [`${newOnes} new since`]),
  ];
  return `${state}: ${parts.join(', ')}${note === undefined ? '' : `; ${note}`}`;
}
