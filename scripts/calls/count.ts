import type { Calls, CountedBridge } from '../counted-bridge.ts';
import type { Budget, Kind } from './kind.ts';
import { setScene } from './kind.ts';
import { ofEchoesAndSweeps } from './of-echoes-and-sweeps.ts';
import { ofLinkedTickets } from './of-linked-tickets.ts';
import { ofTickets } from './of-tickets.ts';

/** Every kind of event, in the order of the table in `docs/performance.md`. */
export const kinds: readonly Kind[] = [...ofTickets, ...ofLinkedTickets, ...ofEchoesAndSweeps];

/** What one kind of event did cost. */
export interface Counted {
  readonly event: string;
  readonly otrs: Budget;
  readonly jira: Budget;
  readonly calls: Calls;
  /** Looks that webhooks of the bridge's own changes would cause, where OTRS filters them. */
  readonly echoes: number;
}

/** Lets the event happen twice; the first time is not counted, since the connectors fill their caches by it. */
export async function countCalls(kind: Kind, bridge: CountedBridge): Promise<Counted> {
  const scene = setScene(bridge);
  const counts = kind.counts ?? ((counted: CountedBridge) => counted.react());
  await kind.happens(scene);
  await counts(bridge);
  await bridge.react();
  await kind.happens(scene);
  const calls = await counts(bridge);
  const echoes = (await bridge.hints()).length;
  return { event: kind.event, otrs: budgetOf(calls.otrs), jira: budgetOf(calls.jira), calls, echoes };
}

function budgetOf(calls: readonly string[]): Budget {
  const writes = calls.filter(isWrite).length;
  return { reads: calls.length - writes, writes };
}

/** Operations of OTRS by their name, requests to JIRA by method and path; a search is a read however it is sent. */
function isWrite(call: string): boolean {
  return /^(?:TicketCreate|TicketUpdate|LinkAdd)$|^(?:POST|PUT|DELETE) /.test(call) && !/^POST \S*\/search/.test(call);
}
