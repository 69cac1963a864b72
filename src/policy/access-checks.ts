import { approvalPlaceholders } from '../domain/access/judge-approval.ts';
import { isSameText } from '../domain/condition.ts';
import { ticketPlaceholders } from '../domain/vocabulary.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { faultOfPhrase } from './phrases.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

type Path = readonly (string | number)[];
type Approval = NonNullable<Mappings['access']['approval']>;
type Task = NonNullable<Mappings['access']['task']>;

interface Found {
  readonly path: Path;
  readonly message: string;
  readonly help: string;
}

/** What the schema of `access.yaml` cannot see: foreign services, steps of one name, broken phrases and placeholders. */
export function checkAccess(mappings: Mappings, source: YamlFile): readonly Fault[] {
  const { approval, checklist, task } = mappings.access;
  const found = [
    ...(approval === undefined
      ? []
      : [
          ...foreignServices(approval.services, ['approval', 'services'], mappings),
          ...repeatedSteps(approval),
          ...brokenPhrases(approval),
          ...ofOneField(approval),
          ...strayPlaceholders(approval),
        ]),
    ...(task === undefined ? [] : taskFaults(task, mappings)),
    ...(checklist === undefined
      ? []
      : [
          ...foreignServices(checklist.services, ['checklist', 'services'], mappings),
          ...(['subject', 'text'] as const).flatMap((part) =>
            placeholdersAt(['checklist', part], checklist[part], ticketPlaceholders),
          ),
        ]),
  ];
  return found.map(({ path, message, help }) => source.fault(path, 'value', message, help));
}

function foreignServices(services: readonly string[], path: Path, { services: ours }: Mappings): readonly Found[] {
  const known = ours.services.map(({ service }) => service);
  return services.flatMap((service, index) =>
    known.some((each) => isSameText(each, service))
      ? []
      : [
          {
            path: [...path, index],
            message: `«${service}» is not in services.yaml`,
            help: `Use one of ${known.map((each) => `«${each}»`).join(', ')}.`,
          },
        ],
  );
}

function taskFaults(task: Task, mappings: Mappings): readonly Found[] {
  const { systems } = mappings['related-systems'];
  const row = systems.findIndex(({ key }) => isSameText(key, task.name));
  return [
    ...foreignServices([task.service], ['task', 'service'], mappings).map((found) => ({
      ...found,
      path: ['task', 'service'],
    })),
    ...(row < 0
      ? []
      : [
          {
            path: ['task', 'name'],
            message: `an adjacent system is called «${task.name}» too (related-systems.yaml, row ${row + 1})`,
            help: 'Give the task another name: linked tickets are known by it.',
          },
        ]),
    ...(['subject', 'text'] as const).flatMap((part) => placeholdersAt(['task', part], task[part], ticketPlaceholders)),
  ];
}

function repeatedSteps({ steps }: Approval): readonly Found[] {
  return steps.flatMap(({ name }, index) =>
    steps.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            path: ['approval', 'steps', index, 'name'],
            message: `the step «${name}» already stands further up`,
            help: 'Give each step a name of its own: reminders are known by it.',
          },
        ],
  );
}

function brokenPhrases({ words }: Approval): readonly Found[] {
  return (['approved', 'refused'] as const).flatMap((list) =>
    words[list].flatMap((phrase, index) => {
      const fault = faultOfPhrase(phrase, {});
      return fault === undefined
        ? []
        : [{ path: ['approval', 'words', list, index], message: fault, help: 'Correct the phrase.' }];
    }),
  );
}

/** The bridge writes into one of the fields, and what it writes must not look like an approval or a refusal. */
function ofOneField(approval: Approval): readonly Found[] {
  return (['recorded_in', 'refused_in'] as const).flatMap((key) =>
    approval[key] === approval.shown_in
      ? [
          {
            path: ['approval', key],
            message: `\`${key}\` and \`shown_in\` are one field`,
            help: 'Give the bridge a field of its own to write into.',
          },
        ]
      : [],
  );
}

function strayPlaceholders(approval: Approval): readonly Found[] {
  const { texts, letter_note, reminder } = approval;
  return [
    ...(['waiting', 'approved', 'refused', 'unknown'] as const).flatMap((status) =>
      placeholdersAt(['approval', 'texts', status], texts[status], approvalPlaceholders[status]),
    ),
    ...(['subject', 'text'] as const).flatMap((part) => [
      ...placeholdersAt(['approval', 'letter_note', part], letter_note[part], [
        ...ticketPlaceholders,
        ...approvalPlaceholders.letter,
      ]),
      ...(reminder === undefined
        ? []
        : placeholdersAt(['approval', 'reminder', part], reminder[part], [
            ...ticketPlaceholders,
            ...approvalPlaceholders.reminder,
          ])),
    ]),
  ];
}

function placeholdersAt(path: Path, template: string, known: readonly string[]): readonly Found[] {
  return unknownPlaceholders(template, known).map((fault) => ({ path, ...fault }));
}
