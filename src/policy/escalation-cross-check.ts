import { isSameText } from '../domain/condition.ts';
import type { Fault } from '../yaml.ts';
import type { Sources } from './load.ts';
import { checkReachability } from './reachability.ts';
import type { Mappings } from './schema.ts';

/** Rules that can never open anything, names that nobody knows, and drafts that no rule opens. */
export function crossCheckEscalation(mappings: Mappings, sources: Sources): readonly Fault[] {
  return [
    ...checkReachability('rules', mappings.escalation.rules, sources.escalation),
    ...foreignServices(mappings, sources),
    ...unknownPriorities(mappings, sources),
    ...idleDrafts(mappings, sources),
    ...repeatedParts(mappings, sources),
  ];
}

function foreignServices({ escalation, services }: Mappings, { escalation: source }: Sources): readonly Fault[] {
  const ours = services.services.map(({ service }) => service);
  return namesBeside('service', ours, escalation).map(({ name, path }) =>
    source.fault(
      path,
      'value',
      `services.yaml does not list the service «${name}»`,
      `Tickets of other services are left alone. Use one of ${ours.map((each) => `«${each}»`).join(', ')}, or add it there.`,
    ),
  );
}

/** A priority that is misspelt would silently keep critical incidents from line 3. */
function unknownPriorities({ escalation, priority }: Mappings, { escalation: source }: Sources): readonly Fault[] {
  const known = priority.priorities.map(({ ticket }) => ticket);
  return namesBeside('priority', known, escalation).map(({ name, path }) =>
    source.fault(
      path,
      'value',
      `priority.yaml knows no priority «${name}»`,
      `It knows ${known.map((each) => `«${each}»`).join(', ')}.`,
    ),
  );
}

/** The names that conditions compare the property with and that are none of the known ones. */
function namesBeside(looked: string, known: readonly string[], { rules }: Mappings['escalation']) {
  return rules.flatMap(({ when }, rule) =>
    when.flatMap(({ property, is, is_not }, row) => {
      const names = property === looked ? (is ?? is_not ?? []) : [];
      const test = is === undefined ? 'is_not' : 'is';
      return names.flatMap((name, index) =>
        known.some((each) => isSameText(each, name)) ? [] : [{ name, path: ['rules', rule, 'when', row, test, index] }],
      );
    }),
  );
}

function idleDrafts({ escalation }: Mappings, { escalation: source }: Sources): readonly Fault[] {
  const opened = escalation.rules.map(({ open }) => open);
  return Object.keys(escalation.drafts)
    .filter((name) => !opened.includes(name))
    .map((name) =>
      source.fault(['drafts', name], 'key', `no rule opens the draft «${name}»`, 'Name it in a rule, or remove it.'),
    );
}

/** A part that is asked for twice would stand twice in the note. */
function repeatedParts({ escalation }: Mappings, { escalation: source }: Sources): readonly Fault[] {
  return Object.entries(escalation.drafts).flatMap(([draft, { requires, recommends }]) => {
    const parts = requires.map(({ part }) => part);
    return [
      ...parts.flatMap((part, index) => (parts.indexOf(part) === index ? [] : [fault(draft, 'requires', index, part)])),
      ...recommends.flatMap(({ part }, index) =>
        parts.includes(part) ? [fault(draft, 'recommends', index, part)] : [],
      ),
    ];
  });

  function fault(draft: string, list: string, index: number, part: string): Fault {
    return source.fault(
      ['drafts', draft, list, index, 'part'],
      'value',
      `«${part}» is required already`,
      'Remove one of the two rows.',
    );
  }
}
