import { expect, test } from '@jest/globals';
import type { ExpectedAdjacent } from '../../src/connector.ts';
import { loadNamesInUse } from '../../src/policy/load.ts';
import { expectedNames } from '../support/expected-names.ts';
import type { DeskHarness } from './desk-conformance.ts';

const signal = new AbortController().signal;

/** What every desk promises of its check. */
export function describeCheck(harness: () => DeskHarness): void {
  test('a system that is set up well passes its own check', async () => {
    const { desk, openRecord } = harness();
    await openRecord({ title: 'Для проверки', text: 'Для проверки' });
    const findings = await desk.check(await loadNamesInUse('mappings'), signal);

    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(findings.some(({ level }) => level === 'ok')).toBe(true);
  });

  test('a state of the rules that the system does not know is told with its place, and no other', async () => {
    const { desk, move, openRecord } = harness();
    await openRecord({ title: 'Для проверки', text: 'Для проверки' });
    const at = 'mappings/status.yaml:7:5';
    const states = [
      { name: move.to, at },
      { name: 'Нет такого состояния', at },
    ];
    const adjacent = states.map(({ name: state }) => ({ ...placeFor(harness()), at, state }));
    const expected = expectedNames({ ticketStates: states, issueStatuses: states, adjacent });
    const findings = await desk.check(expected, signal);

    expect(findings.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({ message: expect.stringMatching(`^${at}: .*«Нет такого состояния»`) }),
    ]);
  });
}

/** Where the rules would open linked tickets; looked at by desks of adjacent systems alone. */
function placeFor({ draft, unreadable }: DeskHarness): Omit<ExpectedAdjacent, 'at' | 'state'> {
  const system = Object.values(unreadable)[0]?.system ?? '';
  return { system, name: draft?.project ?? '', title: system, service: '', type: draft?.type ?? '', fields: [] };
}
