// Tickets with many files through one look, with the real desks on both sandboxes: `npm run bench`. What OTRS is asked for has
// to grow like the files and not like their square.
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { handOver } from './calls/kind.ts';
import { startCountedBridge } from './counted-bridge.ts';

const SIZE = 256 * 1024;
/** Base64 makes four bytes of three, and each call costs as much again at most. */
const GOAL = (4 / 3) * 2;

const sockets = new Set<Socket>();
subscribe('net.client.socket', (message) => {
  sockets.add((message as { readonly socket: Socket }).socket);
});
const bytesRead = () => [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0);

console.log(`files of ${SIZE / 1024} kB, each in an article of its own, from OTRS to JIRA in one look`);
for (const count of [100, 300]) {
  const bridge = await startCountedBridge(join(import.meta.dirname, '..', 'mappings'));
  try {
    const { id, number } = handOver(bridge);
    for (let index = 1; index <= count; index += 1) {
      const file = { name: `журнал ${index}.log`, contentType: 'text/plain', size: SIZE };
      bridge.otrs.addArticle(id, {
        text: `${index}`,
        by: index % 4 === 0 ? 'petrova.2l' : 'user.volga',
        visibility: 'public',
        attachments: [file],
      });
    }
    const before = bytesRead();
    const begin = performance.now();
    const { otrs } = await bridge.look({ system: 'otrs', id, key: number });
    const seconds = (performance.now() - begin) / 1000;
    const ratio = (bytesRead() - before) / (count * SIZE);
    const carried = bridge.jira.issues().at(-1)?.attachments.length;
    const calls = otrs.filter((call) => call === 'TicketGet').length;
    console.log(
      `  ${count} files   ${(count / seconds).toFixed(0).padStart(4)} files/s   ${calls} x TicketGet   ` +
        `read ${ratio.toFixed(2)} x their size (goal ${GOAL.toFixed(2)})`,
    );
    if (carried !== count || ratio > GOAL) {
      process.exitCode = 1;
      console.log(carried === count ? '    THE GOAL IS MISSED' : `    ONLY ${carried} FILES ARRIVED`);
    }
  } finally {
    await bridge.stop();
  }
}
