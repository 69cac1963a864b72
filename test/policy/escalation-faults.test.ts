import { describe, expect, test } from '@jest/globals';
import { faultsAfter } from './mapping-faults.ts';

const rule = (name: string, ...conditions: readonly string[]) =>
  `  - name: ${name}\n    clause: R50\n    when: [${conditions.join(', ')}]\n    open: defect\n`;
const SUPPORT = '{ property: service, is: ["NTTM: Техническая поддержка"] }';
const last = '# Что создаётся.';

describe('escalation.yaml', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a rule in the shadow of an earlier one',
      last,
      `${rule('mine', '{ property: ticket_queue, is: ["nttm::3ЛТП"] }', SUPPORT)}${last}`,
      /^escalation\.yaml:\d+:\d+ rules\[3\]\.name: «mine» never decides: .*«handed-over-by-ticket-queue»/m,
    ],
    [
      'conditions that exclude each other',
      last,
      `${rule('mine', SUPPORT, '{ property: owner, filled: true }', '{ property: owner, empty: true }')}${last}`,
      /^escalation\.yaml:\d+:\d+ rules\[3\]\.when\[2\]: `owner` cannot meet this and the earlier conditions at once/m,
    ],
    [
      'a service of another system',
      'is: ["NTTM: Техническая поддержка"]',
      'is: ["NTTM: Техническая поддержка", "DWH: Техническая поддержка"]',
      /rules\[2\]\.when\[0\]\.is\[1\]: services\.yaml does not list the service «DWH: Техническая поддержка»/,
    ],
    [
      'a priority that nobody knows',
      'is: ["1 Критичный"]',
      'is: ["1 Критический"]',
      /rules\[2\]\.when\[2\]\.is\[0\]: priority\.yaml knows no priority «1 Критический». It knows «1 Критичный»/,
    ],
    [
      'a draft that no rule opens',
      'drafts:\n',
      'drafts:\n  spare:\n    { project: X, type: Y, title: z, text: z, requires: [{ part: title, name: Тема, clause: R51 }] }\n',
      /drafts\.spare: no rule opens the draft «spare»/,
    ],
    [
      'a part that is asked for twice',
      'part: screenshot',
      'part: title',
      /drafts\.defect\.recommends\[0\]\.part: «title» is required already/,
    ],
    ['a part that issues do not have', 'part: screenshot', 'part: снимок', /drafts\.defect\.recommends\[0\]\.part/],
    [
      'a note with an unknown placeholder',
      'не заполнено {missing}"',
      'не заполнено {missed}"',
      /note\.subject: unknown placeholder \{missed\}/,
    ],
  ])('%s is reported with file, line and path', async (_, from, to, message) => {
    expect(await faultsAfter('escalation.yaml', from, to)).toMatch(message);
  });

  test('a rule that asks for more than an earlier one in one thing and for less in another is fine', async () => {
    const own = rule('mine', '{ property: priority, is: ["2 Высокий"] }', SUPPORT);

    expect(await faultsAfter('escalation.yaml', last, `${own}${last}`)).toBe('');
  });
});

describe('priority.yaml', () => {
  test('a default in the shadow of an earlier one is reported', async () => {
    const own =
      '  - { name: mine, clause: R30, priority: 2, when: [{ property: service, is: ["NTTM: Предоставление доступа к системе"] }, { property: owner, empty: true }] }';

    expect(await faultsAfter('priority.yaml', '\n# Всё остальное никогда', `${own}\n\n# Всё остальное`)).toMatch(
      /^priority\.yaml:\d+:\d+ defaults\[2\]\.name: «mine» never decides: .*«granting-access-is-low»/m,
    );
  });
});
