import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Small numbers, to see that it runs. */
  readonly isQuick: boolean;
  /** How often each program carries; the best round counts. */
  readonly rounds: number;
  /** Node-RED as well, brought from npm. */
  readonly withPeers: boolean;
  /** Into scripts/throughput/figures.md, from which `npm run docs` takes the page. */
  readonly isWritten: boolean;
}

/** What the command line asks for. Ends the process with a sentence where that is nothing that can be done. */
export function benchOptions(): BenchOptions {
  try {
    return readBenchOptions(process.argv.slice(2));
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    process.exit(2);
  }
}

/** Throws a sentence for people. */
export function readBenchOptions(words: readonly string[]): BenchOptions {
  const { quick, rounds, peers, write } = parse(words);
  if (rounds !== undefined && !/^[1-9]\d{0,2}$/.test(rounds)) {
    throw new Error(
      `--rounds says how often each program carries: «${rounds}» is no whole number from 1 to 999. Give one, as in --rounds 3, or leave it out.`,
    );
  }

  return {
    isQuick: quick,
    rounds: rounds === undefined ? (quick ? 1 : 3) : Number(rounds),
    withPeers: peers,
    isWritten: write,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        peers: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
      },
    }).values;
  } catch (thrown) {
    const [said] = String(thrown instanceof Error ? thrown.message : thrown).split('. ');
    throw new Error(`${said}. It knows --quick, --rounds N, --peers and --write.`, { cause: thrown });
  }
}
