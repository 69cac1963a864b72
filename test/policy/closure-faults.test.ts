import { describe, expect, test } from '@jest/globals';
import { faultsAfter } from './mapping-faults.ts';

describe('closure.yaml', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'waiting for an installation in a state that pauses the terms',
      'state: Ожидает установки обновления',
      'state: Ожидание информации',
      /^closure\.yaml:\d+:\d+ ships_in_update\.state: waiting for an installation would pause the terms/m,
    ],
    [
      'waiting for an installation in a closed state',
      'state: Ожидает установки обновления',
      'state: Закрыто',
      /ships_in_update\.state: a ticket cannot wait for an installation in a state that ends it/,
    ],
    [
      'waiting for an installation in a state that is not explained',
      'state: Ожидает установки обновления',
      'state: Ожидает патча',
      /ships_in_update\.state: status\.yaml explains no state «Ожидает патча»/,
    ],
    [
      'one code with two meanings',
      'code: impossible, family: impossible, needs_reason: true, clause: R53 }',
      'code: impossible, family: impossible, clause: R53 }',
      /codes\[2\]\.code: row 2 gives the code «impossible» another `family` or `needs_reason`/,
    ],
    [
      'a reason that may be shorter than a solution',
      'min_length: 30',
      'min_length: 10',
      /reason\.min_length: a reason may not be shorter than any solution, which has 15 characters/,
    ],
    [
      'a letter for a foreign service',
      'services: ["NTTM: Предоставление доступа к системе"]',
      'services: ["DWH: Техническая поддержка"]',
      /closing_letter\.services\[0\]: services\.yaml does not list the service «DWH: Техническая поддержка»/,
    ],
    [
      'an unknown placeholder of the letter',
      'Решение: {solution}',
      'Решение: {decision}',
      /closing_letter\.text: unknown placeholder \{decision\}/,
    ],
    [
      'an unknown placeholder of a fault',
      'too_short: короче {minimum} знаков',
      'too_short: короче {min} знаков',
      /solution\.why\.too_short: unknown placeholder \{min\}/,
    ],
    [
      'an unknown placeholder of the update',
      'обновления {versions}"',
      'обновления {version}"',
      /ships_in_update\.note\.subject: unknown placeholder \{version\}/,
    ],
    [
      'a reading that does not exist',
      'released_version_counts: no',
      'released_version_counts: maybe',
      /ships_in_update\.released_version_counts/,
    ],
    ['a code without family', 'code: duplicate, family: other,', 'code: duplicate,', /codes\[3\]\.family/],
    [
      'a check of a field with its prefix',
      'checks: []',
      'checks: [{ field: fields.x, name: Х, clause: R55 }]',
      /checks\[0\]\.field/,
    ],
  ])('%s is reported with file, line and path', async (_, from, to, message) => {
    expect(await faultsAfter('closure.yaml', from, to)).toMatch(message);
  });

  test.each([
    ['the confirmation', 'confirmation: requested', 'confirmation: off'],
    ['the note for agents', 'agent_closed_incomplete: report', 'agent_closed_incomplete: note'],
    ['the release', 'released_version_counts: no', 'released_version_counts: yes'],
  ])('%s has another reading that can be chosen', async (_, from, to) => {
    expect(await faultsAfter('closure.yaml', from, to)).toBe('');
  });
});
