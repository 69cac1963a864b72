import { startSandboxTickets } from './http-tickets/server.ts';
import { startSandboxJira } from './jira/server.ts';
import { startSandboxOtrs } from './otrs/server.ts';
import { BRIDGE_ID } from './otrs/world.ts';

const SECRET = 'sandbox-webhook-secret';
const BRIDGE = 'http://127.0.0.1:8400';

/**
 * `npm run sandbox`: the OTRS and the JIRA that `config/bridge.yaml` connects to, and the adjacent system of
 * docs/adding-a-system.md, until they are stopped.
 */
const otrs = await startSandboxOtrs({
  port: 8480,
  webhook: { url: `${BRIDGE}/webhooks/otrs`, secret: SECRET, silentUserId: BRIDGE_ID },
});
const jira = await startSandboxJira({
  port: 8490,
  hooks: [{ url: `${BRIDGE}/webhooks/jira`, headers: { 'x-bridge-secret': SECRET } }],
});
const dwh = await startSandboxTickets({ port: 8495, webhook: { url: `${BRIDGE}/webhooks/dwh`, secret: SECRET } });
const { id } = otrs.createTicket({
  title: 'Не создаётся заявка в ЕИП — ошибка 500',
  text: 'Шаги: открыть инцидент, нажать «Отправить в ЕИП». Ожидаю: заявка создана. Получаю: ошибка 500.',
  service: 'NTTM: Техническая поддержка',
  type: 'Инцидент',
  priority: '3 Средний',
  ticketQueue: 'NTTM::3ЛТП',
});
console.log(`OTRS ${otrs.url}/index.pl   JIRA ${jira.url}   DWH ${dwh.url}`);
console.log(`Ticket ${id} waits for line 3. Start the bridge: npx bridge serve`);
console.log('Ctrl-C stops all.');

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, async () => {
    await Promise.all([otrs.stop(), jira.stop(), dwh.stop()]);
  });
}
