// Calls per kind of event, since the systems at both ends are the bottleneck: `npm run bench` runs it after the others.
import { join } from 'node:path';
import { type Counted, countCalls } from './call-budget.ts';
import { startCountedBridge } from './counted-bridge.ts';

const bridge = await startCountedBridge(join(import.meta.dirname, '..', 'mappings'));
try {
  const { counted, echoes } = await countCalls(bridge);
  console.log('calls per event, caches warm, on both sandboxes');
  counted.forEach(show);
  console.log(`  looks caused by webhooks of our own changes: ${echoes} (goal 0)`);
} finally {
  await bridge.stop();
}

function show({ event, calls: { jira, otrs }, goal }: Counted): void {
  const verdict = jira.length <= goal.jira && otrs.length <= goal.otrs ? '' : '   OVER THE GOAL';
  console.log(
    `  ${event.padEnd(42)} JIRA ${jira.length} (goal ${goal.jira}), OTRS ${otrs.length} (goal ${goal.otrs})${verdict}`,
  );
  console.log(`      ${[...jira, ...otrs].join(', ')}`);
}
