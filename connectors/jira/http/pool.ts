import { readFileSync } from 'node:fs';
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { BridgeError } from '../../../src/errors.ts';
import { mostAtOnce } from '../../turns.ts';
import type { JiraOptions } from '../options.ts';

/** The bounded set of connections to JIRA. */
export interface Pool {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Whether the request ever had a connection that was ready to carry it. If not, no byte of it has left. */
  hadConnection(request: unknown): boolean;
  close(): void;
}

/** An idle connection is closed before Tomcat (20 s) or a proxy closes it under a write, which would leave a doubt. */
const IDLE_CONNECTION_MS = 4_000;

/** Throws `CONFIGURATION_INVALID` if the certificate file cannot be read. */
export function createPool({ concurrency, ca_file, proxy }: JiraOptions): Pool {
  // Node's own proxying: https goes through a tunnel. Given so, nothing is read from the environment, NO_PROXY included.
  const proxyEnv = proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
  const settings = { keepAlive: true, maxSockets: mostAtOnce(concurrency), timeout: IDLE_CONNECTION_MS, ...proxyEnv };
  const ready = new WeakSet<object>();
  const httpAgent = noting(new HttpAgent(settings), 'connect', ready);
  const httpsAgent = noting(new HttpsAgent({ ...settings, ...authorities(ca_file) }), 'secureConnect', ready);
  return {
    httpAgent,
    httpsAgent,
    hadConnection: (request) => {
      const { socket } = (request ?? {}) as Partial<ClientRequest>;
      return socket !== undefined && socket !== null && ready.has(socket);
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/**
 * A socket that was destroyed no longer tells whether it ever connected, so it is noted when it does. Through a proxy the
 * socket that carries the request is another one, which exists when the tunnel stands and is told to the callback only.
 */
function noting<Agent extends HttpAgent>(
  agent: Agent,
  event: 'connect' | 'secureConnect',
  ready: WeakSet<object>,
): Agent {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = create(options, (error, tunnel) => {
      if (!error && tunnel !== undefined) {
        ready.add(tunnel);
      }
      callback?.(error, tunnel);
    });
    socket?.once(event, () => ready.add(socket));
    return socket;
  };
  return agent;
}

function authorities(file: string | undefined): { ca?: string[] } {
  if (file === undefined) {
    return {};
  }

  try {
    return { ca: [...rootCertificates, readFileSync(file, 'utf8')] };
  } catch (cause) {
    throw new BridgeError('CONFIGURATION_INVALID', `jira.ca_file: cannot read ${file}`, { cause });
  }
}
