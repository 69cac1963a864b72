import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** A program of the bench in a process of its own, asked by messages. */
export interface Child {
  readonly pid: number;
  /** One question at a time; throws what the program threw. */
  ask(question: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a program that answers questions by `answerQuestions`. Resolves when it is ready. */
export async function startChild(file: string, environment: NodeJS.ProcessEnv = {}): Promise<Child> {
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  await once(child, 'message');
  return {
    pid: child.pid ?? 0,
    async ask(question) {
      child.send(question);
      const asking = new AbortController();
      const { signal } = asking;
      const [{ answer, error }] = await Promise.race([once(child, 'message', { signal }), ended(child, signal)]);
      asking.abort();
      if (error !== undefined) {
        throw new Error(`${file}: ${error}`);
      }
      return answer;
    },
    stop: () => end(child, 'SIGTERM'),
  };
}

/** Sends the signal and waits for the end. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'exit');
    child.kill(signal);
    await closed;
  }
}

/** The other end of `ask`: says that it is ready, and answers each question. */
export function answerQuestions(answer: (question: never) => unknown): void {
  process.on('message', (question) => {
    Promise.resolve(question)
      .then((each) => answer(each as never))
      .then(
        (given) => process.send?.({ answer: given }),
        (thrown: unknown) => process.send?.({ error: String(thrown) }),
      );
  });
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
}

/** Resident memory of a process in megabytes. */
export async function residentMegabytes(pid: number): Promise<number> {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Processor time that a process has used so far, in milliseconds. */
export async function processorMilliseconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) * MILLISECONDS_A_TICK;
}

/** Linux counts processor time in hundredths of a second, on every architecture that Node runs on. */
const MILLISECONDS_A_TICK = 10;

async function ended(child: ChildProcess, signal: AbortSignal): Promise<never> {
  await once(child, 'exit', { signal });
  throw new Error('the program ended');
}
