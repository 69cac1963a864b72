// Calls per kind of event, since the systems at both ends are the bottleneck: `npm run bench` runs it after the others.
import { join } from 'node:path';
import { type Counted, countCalls, kinds } from './calls/count.ts';
import type { Budget, Kind } from './calls/kind.ts';
import { startCountedBridge } from './counted-bridge.ts';

const mappings = join(import.meta.dirname, '..', 'mappings');

for (const transport of ['rest', 'soap'] as const) {
  console.log(`calls per event, caches warm, on both sandboxes, OTRS over ${transport.toUpperCase()} (reads + writes)`);
  await using stack = new AsyncDisposableStack();
  const start = async (isEchoing: boolean) => {
    const bridge = await startCountedBridge(mappings, { transport, isEchoing });
    stack.defer(() => bridge.stop());
    return bridge;
  };
  const bridges = { filtering: await start(false), echoing: await start(true) };
  for (const kind of kinds) {
    show(kind, await countCalls(kind, kind.isEchoing ? bridges.echoing : bridges.filtering));
  }
}

function show(kind: Kind, counted: Counted): void {
  const isMet = amount(kind.otrs) === amount(counted.otrs) && amount(kind.jira) === amount(counted.jira);
  const goal = isMet ? '' : `   THE GOAL IS OTRS ${amount(kind.otrs)}, JIRA ${amount(kind.jira)}`;
  console.log(`  ${counted.event.padEnd(52)} OTRS ${amount(counted.otrs)}   JIRA ${amount(counted.jira)}${goal}`);
  if (!isMet) {
    process.exitCode = 1;
    console.log(`      ${[...counted.calls.otrs, ...counted.calls.jira].join(', ')}`);
  }
}

function amount({ reads, writes }: Budget): string {
  return `${reads} + ${writes}`;
}
