import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../src/domain/decide.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { changesOf, createComparer } from '../../src/replay/compare.ts';
import { agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const policy = await loadPolicy('mappings');

async function policyWith(file: string, from: string, to: string): Promise<Policy> {
  const folder = await mkdtemp(join(tmpdir(), 'compare-'));
  folders.push(folder);
  await cp('mappings', folder, { recursive: true });
  const text = await readFile(join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(folder, file), text.replace(from, to));
  return loadPolicy(folder);
}

const bare = (changes: Parameters<typeof aTicket>[0]) => ({ ticket: aTicket(changes), link: aLink() });

describe('R29: a change of the rules lists the differences', () => {
  test('the same rules differ in nothing', () => {
    expect(changesOf(agreedFacts(), policy, policy, NOW)).toEqual([]);
  });

  test('a threshold shows as another priority, with rule and clause on either side', async () => {
    const other = await policyWith('priority.yaml', 'hang_minutes: 10', 'hang_minutes: 20');
    const hanging = bare({ title: 'NTTM', text: 'Система зависла и не отвечает уже 15 минут.' });

    expect(changesOf(hanging, policy, other, NOW)).toEqual([
      {
        aspect: 'priority by the criteria',
        before: { shown: '1 Критичный', because: [{ rule: 'hangs-without-response', clause: 'R31.5' }] },
        after: { shown: '3 Средний', because: [{ rule: 'no-criterion-is-met', clause: 'R30' }] },
      },
    ]);
  });

  test('a rule of escalation shows as an issue that is opened or not', async () => {
    const other = await policyWith('escalation.yaml', 'is: ["NTTM::3ЛТП"]', 'is: ["NTTM::4ЛТП"]');
    const [change] = changesOf(bare({ ticketQueue: 'NTTM::3ЛТП' }), policy, other, NOW);

    expect(change).toMatchObject({
      aspect: 'issue',
      before: { shown: 'opens OSSTTMB2B / Дефект / Средний', because: [{ clause: 'R50' }] },
      after: { shown: 'none', because: [{ rule: 'no-escalation-rule-is-met' }] },
    });
  });

  test('a status row shows as another state', async () => {
    const other = await policyWith('status.yaml', 'ticket_state: "В работе"', 'ticket_state: "Назначено"');
    const facts = agreedFacts({}, { state: 'В работе' });

    expect(changesOf(facts, policy, other, NOW)).toMatchObject([
      { aspect: 'state', before: { shown: 'becomes «В работе»' }, after: { shown: 'becomes «Назначено»' } },
    ]);
  });

  test('a service that is no longer ours shows as such', async () => {
    const other = await policyWith('services.yaml', 'NTTM: Техническая поддержка', 'NTTM: Иная поддержка');
    const [change] = changesOf(bare({}), policy, other, NOW);

    expect(change).toMatchObject({ aspect: 'scope', before: { shown: 'ours' }, after: { shown: 'not ours' } });
  });

  test('a text shows as other content of the same action', async () => {
    const other = await policyWith('escalation.yaml', 'Обращение OTRS', 'Заявка OTRS');
    const comparer = createComparer(policy, other, 5);
    comparer.add(bare({ ticketQueue: 'NTTM::3ЛТП' }), NOW);

    expect(comparer.result().groups).toMatchObject([
      { aspect: 'issue', after: 'opens OSSTTMB2B / Дефект / Средний, with other content' },
    ]);
  });

  test('like changes are counted together, and some of their tickets are named', async () => {
    const other = await policyWith('priority.yaml', 'hang_minutes: 10', 'hang_minutes: 20');
    const comparer = createComparer(policy, other, 2);
    for (const id of ['1', '2', '3', '4']) {
      const text = id === '4' ? 'Текст' : 'Система зависла и не отвечает уже 15 минут.';
      comparer.add(bare({ ref: { system: 'otrs', id, key: `T${id}` }, text }), NOW);
    }

    expect(comparer.result()).toMatchObject({
      compared: 4,
      changed: 3,
      groups: [{ count: 3, tickets: ['T1', 'T2'], beforeBecause: ['hangs-without-response (R31.5)'] }],
    });
  });
});
