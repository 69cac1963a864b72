import { expect, test } from '@jest/globals';
import { contentOf } from '../../sandbox/jira/file-content.ts';
import { handOver } from '../../scripts/calls/kind.ts';
import { startCountedBridge } from '../../scripts/counted-bridge.ts';

const COUNT = 300;

test('three hundred files of one ticket cost a call each, and one reading of both records for every twenty', async () => {
  const bridge = await startCountedBridge('mappings');
  try {
    const { id, number } = handOver(bridge, {
      attachments: Array.from({ length: COUNT }, (_, index) => ({
        name: `журнал ${index}.txt`,
        contentType: 'text/plain',
        content: contentOf(Buffer.from(`строка ${index}`)),
      })),
    });
    const ticket = { system: 'otrs', id, key: number };
    const { otrs, jira } = await bridge.look(ticket);
    const again = await bridge.look(ticket);

    const [issue] = bridge.jira.issues();
    expect(new Set(issue?.attachments.map(({ name }) => name)).size).toBe(COUNT);
    expect(issue?.attachments).toHaveLength(COUNT);
    expect(jira.filter((call) => call.endsWith('/attachments'))).toHaveLength(COUNT);
    expect(jira.filter((call) => call === 'GET /issue/…')).toHaveLength(1 + COUNT / 20);
    expect(otrs.filter((call) => call === 'TicketHistoryGet')).toHaveLength(1 + COUNT / 20);
    // The contents come in few pieces, as many as may be in one answer.
    expect(otrs.filter((call) => call === 'TicketGet').length).toBeLessThanOrEqual(5 + COUNT / 20);
    expect(otrs.filter((call) => call === 'TicketUpdate')).toHaveLength(1);
    expect([...again.jira, ...again.otrs].filter((call) => !/Get$|^GET /.test(call))).toEqual([]);
  } finally {
    await bridge.stop();
  }
}, 120_000);
