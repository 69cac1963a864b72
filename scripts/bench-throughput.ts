// The whole bridge beside bare programs that make the same calls: `npm run bench`, alone with `node scripts/bench-throughput.ts`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBridge } from './throughput/bridge.ts';
import { carry } from './throughput/carry.ts';
import { processorMilliseconds, residentMegabytes, startChild } from './throughput/child.ts';
import type { Addresses } from './throughput/systems.ts';

const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const systems = await startChild(join(import.meta.dirname, 'throughput', 'systems.ts'));
const addresses = (await systems.ask({ ask: 'addresses' })) as Addresses;
const settings = {
  folder,
  systems: addresses,
  concurrency: 32,
  store: { kind: 'sqlite', file: join(folder, 'bridge.sqlite') },
  intake: { kind: 'direct' },
};
const bare = (durable: boolean) =>
  startChild(join(import.meta.dirname, 'throughput', 'bare.ts'), {
    OTRS_URL: addresses.otrs,
    JIRA_URL: addresses.jira,
    ...(durable ? { DURABLE: '1' } : {}),
  });
const [loop, durable] = [await bare(false), await bare(true)];
const bridge = await startBridge(settings);
console.log('start', bridge.startMs, 'idle', await residentMegabytes(bridge.pid));
const count = Number(process.argv[2] ?? 500);
for (const latency of ['none']) {
  await systems.ask({ ask: 'latency', of: latency });
  for (let round = 0; round < 2; round += 1) {
    for (const [name, url] of [
      ['durable', await durable.ask({})],
      ['bridge', bridge.webhooks],
    ] as const) {
      const pid = { loop: loop.pid, durable: durable.pid, bridge: bridge.pid }[name];
      const before = await processorMilliseconds(pid);
      const done = await carry(systems, String(url), count);
      console.log(latency, name, done, 'cpu ms/ticket', ((await processorMilliseconds(pid)) - before) / count);
    }
  }
}
console.log('after', await residentMegabytes(bridge.pid));
await bridge.stop();
await Promise.all([loop.stop(), durable.stop(), systems.stop()]);
await rm(folder, { recursive: true, force: true });
