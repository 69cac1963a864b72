import { spawn } from 'node:child_process';

/**
 * Reads orders from its standard input. When that ends, because its owner ended or crashed, it kills every process
 * group that is still guarded and removes the folder.
 */
const watch = `
trap '' INT TERM HUP
groups=
while read -r order group; do
  case "$order" in
    guard) groups="$groups $group" ;;
    release) kept=; for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done; groups=$kept ;;
  esac
done
for each in $groups; do kill -s KILL -- "-$each" 2>/dev/null; done
rm -rf -- "$1"
for second in 1 2 3; do [ -e "$1" ] && sleep 1 && rm -rf -- "$1"; done
exit 0
`;

export interface Watchdog {
  /** Kills the process group of this id should the owner die. */
  guard(group: number): void;
  /** The group has ended: its id may belong to somebody else soon. */
  release(group: number): void;
  /** Ends the watch and removes the folder. */
  end(): Promise<void>;
}

/** Outlives its owner, even one that was killed, just long enough to leave neither processes nor files of it behind. */
export function startWatchdog(folder: string): Watchdog {
  const dog = spawn('sh', ['-c', watch, 'watchdog', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  const ended = new Promise<void>((resolve) => {
    dog.once('exit', () => resolve());
    dog.once('error', () => resolve());
  });
  dog.stdin.on('error', () => undefined);
  dog.unref();

  return {
    guard(group) {
      dog.stdin.write(`guard ${group}\n`);
    },
    release(group) {
      dog.stdin.write(`release ${group}\n`);
    },
    async end() {
      dog.ref();
      dog.stdin.end();
      await ended;
    },
  };
}
