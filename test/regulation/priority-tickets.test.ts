import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { parse } from 'yaml';
import { assessPriority } from '../../src/domain/priority.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { aTicket } from '../support/records.ts';

interface Case {
  readonly title: string;
  readonly text: string;
  readonly service?: 'support' | 'access' | 'grant';
  readonly at?: string;
  readonly priority: number;
  readonly clause: string;
}

const services = {
  support: 'NTTM: Техническая поддержка',
  access: 'NTTM: Решение проблем с доступом',
  grant: 'NTTM: Предоставление доступа к системе',
} as const;

const cases: readonly Case[] = parse(
  readFileSync(new URL('./fixtures/priority-tickets.yaml', import.meta.url), 'utf8'),
);
const { priority: policy } = await loadPolicy('mappings');

test.each(cases.map((row) => [row.priority, row.clause, row.title, row.text, row] as const))(
  'priority %i by %s: %s. %s',
  (priority, clause, title, text, { service = 'support', at = '13:00' }) => {
    const createdAt = DateTime.fromISO(`2026-11-23T${at}:00.000+03:00`);
    const assessment = assessPriority(aTicket({ title, text, service: services[service], createdAt }), policy);

    expect({ priority: assessment.rank, clauses: assessment.clause.split(', ') }).toEqual({
      priority,
      clauses: expect.arrayContaining([clause]),
    });
  },
);

test('the table has every priority', () => {
  expect(cases).toHaveLength(110);
  expect(new Set(cases.map((row) => row.priority))).toEqual(new Set([1, 2, 3, 4]));
});
