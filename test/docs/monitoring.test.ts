import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { addProcessMetrics, createMetrics } from '../../src/metrics.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const { groups } = parse(readFileSync('config/monitoring/alerts.yaml', 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(readFileSync('config/monitoring/grafana.json', 'utf8')) as {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
};
const questions = [
  ...alerts.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`panel ${title}`, expr] as const)),
];

/** Labels that Prometheus itself gives, and that of the buckets of a histogram. */
const GIVEN = ['instance', 'job', 'le'];

const metrics = createMetrics();
addProcessMetrics(metrics);
const known = new Map(
  metrics.registry
    .getMetricsAsArray()
    .map((metric) => [metric.name, 'labelNames' in metric ? (metric.labelNames as readonly string[]) : []]),
);

const namesIn = (expr: string) =>
  Array.from(expr.matchAll(/\b(?:bridge|process|nodejs)_[a-z0-9_]+/g), ([name]) => name.replace(/_bucket$/, ''));

const labelsIn = (expr: string) => [
  ...Array.from(expr.matchAll(/\{([^}]*)\}/g), ([, inside = '']) => inside.split(',')).flatMap((each) =>
    each.map((pair) => pair.split(/[=!~]/)[0]?.trim() ?? ''),
  ),
  ...Array.from(expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g), ([, inside = '']) => inside.split(', ')).flat(),
];

describe('the alert rules and the dashboard', () => {
  test.each(questions)('%s asks for metrics that exist, by labels that they have', (_, expr) => {
    const names = namesIn(expr);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(names).not.toEqual([]);
    const labels = [...GIVEN, ...names.flatMap((name) => known.get(name) ?? [])];
    expect(labelsIn(expr).filter((label) => !labels.includes(label))).toEqual([]);
  });

  test('show every metric of the bridge at least once', () => {
    const asked = new Set(questions.flatMap(([, expr]) => namesIn(expr)));
    const own = [...known.keys()].filter((name) => name.startsWith('bridge_'));
    // Rare enough to be looked for by hand.
    const unasked = ['bridge_gone_tickets_total', 'bridge_rules_reloads_total'];
    expect(own.filter((name) => !asked.has(name))).toEqual(unasked);
  });
});

describe('the page about operations', () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  const rows = Array.from(page.matchAll(/^\| `(Bridge\w+)` \| ([^|]+) \| ([^|]+) \|$/gm));

  test('says of every alert what it means and what to do, and of no other', () => {
    expect(rows.map(([, name]) => name)).toEqual(alerts.map(({ alert }) => alert));
    expect(rows.filter(([, , meaning = '', deed = '']) => meaning.trim() === '' || deed.trim() === '')).toEqual([]);
  });

  test.each(alerts.map((rule) => [rule.alert, rule] as const))('%s is named once and has a summary', (name, rule) => {
    expect(alerts.filter(({ alert }) => alert === name)).toHaveLength(1);
    expect(rule.annotations.summary).toMatch(/\.$/);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
  });
});
