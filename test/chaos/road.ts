import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong on the way. */
export type Trouble =
  /** Every connection is broken off, new ones too. */
  | { readonly kind: 'refuse' }
  /** Connections stand and nothing comes through. When it is over they break off; what was stuck is never delivered. */
  | { readonly kind: 'black-hole' }
  /** Everything takes so much longer, in each direction. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** By dice, a connection breaks off after so many bytes of an answer: what was asked for has been done. */
  | {
      readonly kind: 'cut-answers';
      readonly share: number;
      readonly afterBytes: number;
      readonly random: () => number;
    };

/** A TCP road on the loopback address with troubles on demand. */
export interface Road {
  readonly port: number;
  /** Until `heal` or the next trouble. */
  trouble(trouble: Trouble): void;
  heal(): void;
  /** Breaks off what stands now; new connections are welcome. */
  cut(): void;
  /** Answers that were cut since the last call. */
  takeCutAnswers(): number;
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  server?: Socket;
  isStuck: boolean;
}

/** Leads to the first of the ports that takes the connection, beginning with another one each time. */
export async function startRoad(targets: () => readonly number[]): Promise<Road> {
  const pairs = new Set<Pair>();
  let trouble: Trouble | undefined;
  let turn = 0;
  let answersCut = 0;

  const close = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server?.resetAndDestroy();
  };

  const isCut = (pair: Pair, chunk: Buffer): boolean => {
    if (trouble?.kind !== 'cut-answers' || trouble.random() >= trouble.share) {
      return false;
    }

    answersCut += 1;
    pair.client.write(chunk.subarray(0, trouble.afterBytes), () => close(pair));
    return true;
  };

  const delayMs = () => (trouble?.kind === 'delay' ? trouble.milliseconds : 0);

  const pass = (pair: Pair, from: Socket, to: Socket, isStruck: (chunk: Buffer) => boolean) => {
    // A delay that ends must not let later pieces overtake earlier ones.
    let last = Promise.resolve();
    const deliver = (work: () => void) => {
      const due = Date.now() + delayMs();
      last = last.then(() => sleep(Math.max(0, due - Date.now()))).then(work);
    };
    from.on('data', (chunk: Buffer) => {
      if (isStruck(chunk)) {
        return;
      }
      deliver(() => {
        if (!to.write(chunk) && !pair.isStuck) {
          from.pause();
          to.once('drain', () => pair.isStuck || from.resume());
        }
      });
    });
    from.on('end', () => deliver(() => void to.end()));
    from.resume();
  };

  const connect = (pair: Pair, ports: readonly number[]): void => {
    const [port, ...others] = ports;
    if (port === undefined || !pairs.has(pair)) {
      close(pair);
      return;
    }

    const server = createConnection({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    const next = () => connect(pair, others);
    server.once('error', next);
    server.once('connect', () => {
      server.off('error', next);
      server.on('error', () => close(pair));
      server.on('close', () => close(pair));
      pair.server = server;
      if (!pairs.has(pair)) {
        server.destroy();
      } else if (!pair.isStuck) {
        pass(pair, pair.client, server, () => false);
        pass(pair, server, pair.client, (chunk) => isCut(pair, chunk));
      }
    });
  };

  const server = createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const pair: Pair = { client, isStuck: trouble?.kind === 'black-hole' };
    pairs.add(pair);
    client.on('error', () => close(pair));
    client.on('close', () => close(pair));
    if (trouble?.kind === 'refuse') {
      close(pair);
    } else if (!pair.isStuck) {
      const ports = targets();
      turn += 1;
      connect(pair, [...ports.slice(turn % ports.length), ...ports.slice(0, turn % ports.length)]);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const heal = () => {
    trouble = undefined;
    for (const pair of [...pairs].filter(({ isStuck }) => isStuck)) {
      close(pair);
    }
  };

  return {
    port: (server.address() as AddressInfo).port,
    takeCutAnswers: () => {
      const taken = answersCut;
      answersCut = 0;
      return taken;
    },
    heal,
    trouble: (wanted) => {
      heal();
      trouble = wanted;
      for (const pair of [...pairs]) {
        if (wanted.kind === 'refuse') {
          close(pair);
        } else if (wanted.kind === 'black-hole') {
          pair.isStuck = true;
          pair.client.pause();
          pair.server?.pause();
        }
      }
    },
    cut: () => [...pairs].forEach(close),
    stop: async () => {
      server.close();
      [...pairs].forEach(close);
    },
  };
}
