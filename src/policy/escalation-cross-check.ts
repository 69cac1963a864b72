import { isSameText } from '../domain/condition.ts';
import type { Fault } from '../yaml.ts';
import type { Sources } from './load.ts';
import { checkReachability } from './reachability.ts';
import type { Mappings } from './schema.ts';

/** Rules that can never open anything, services that are not ours, and drafts that no rule opens. */
export function crossCheckEscalation(mappings: Mappings, sources: Sources): readonly Fault[] {
  return [
    ...checkReachability('rules', mappings.escalation.rules, sources.escalation),
    ...foreignServices(mappings, sources),
    ...idleDrafts(mappings, sources),
    ...repeatedParts(mappings, sources),
  ];
}

function foreignServices({ escalation, services }: Mappings, { escalation: source }: Sources): readonly Fault[] {
  const ours = services.services.map(({ service }) => service);
  return escalation.rules.flatMap(({ when }, rule) =>
    when.flatMap(({ property, is, is_not }, row) => {
      const names = property === 'service' ? (is ?? is_not ?? []) : [];
      const test = is === undefined ? 'is_not' : 'is';
      return names.flatMap((name, index) =>
        ours.some((service) => isSameText(service, name))
          ? []
          : [
              source.fault(
                ['rules', rule, 'when', row, test, index],
                'value',
                `services.yaml does not list the service «${name}»`,
                `Tickets of other services are left alone. Use one of ${ours.map((each) => `«${each}»`).join(', ')}, or add it there.`,
              ),
            ],
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
