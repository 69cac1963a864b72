import { clockPlaceholders } from '../domain/clock/rules.ts';
import { beginsWith, isSameText } from '../domain/condition.ts';
import { ticketPlaceholders } from '../domain/vocabulary.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

/** What the schema of `clock.yaml` cannot see: states and priorities that nobody knows, placeholders, shares without warning. */
export function crossCheckClock(mappings: Mappings, source: YamlFile): readonly Fault[] {
  const { clock, status, priority, sla } = mappings;
  const states = status.states.map(({ state }) => state);
  const priorities = priority.priorities.map(({ ticket }) => ticket);
  const known = (list: readonly string[]) => `Known are ${list.map((name) => `«${name}»`).join(', ')}.`;
  const lists = { ...clock.stages, ...clock.workaround };
  const inList = (name: string) => [name in clock.stages ? 'stages' : 'workaround', name];

  return [
    ...Object.entries(lists).flatMap(([name, rows]) =>
      rows.flatMap(({ on, to = [] }, row) =>
        on !== 'state' && on !== 'priority'
          ? []
          : to.flatMap((value, index) => {
              const list = on === 'state' ? states : priorities;
              const path = [...inList(name), row, 'to', index];
              return list.some((each) => isSameText(each, value))
                ? []
                : [source.fault(path, 'value', `no mapping knows the ${on} «${value}»`, known(list))];
            }),
      ),
    ),
    ...clock.pauses.confirmed_by_agent.flatMap((name, index) =>
      priorities.some((each) => isSameText(each, name))
        ? []
        : [
            source.fault(
              ['pauses', 'confirmed_by_agent', index],
              'value',
              `priority.yaml knows no priority «${name}»`,
              known(priorities),
            ),
          ],
    ),
    ...clock.note.shares.flatMap((share, index) =>
      sla.warn_at.includes(share)
        ? []
        : [
            source.fault(
              ['note', 'shares', index],
              'value',
              `sla.yaml does not warn at ${share} %`,
              `Use one of ${sla.warn_at.join(', ')}, or add it to \`warn_at\` there.`,
            ),
          ],
    ),
    ...unheardCalls(mappings, source),
    ...repeatedRules(clock, source),
    ...repeatedFields(clock, source),
    ...brokenTexts(clock, source),
  ];
}

/** A note that brings the requester's words has to end the pause in which they were waited for. */
function unheardCalls({ clock: { pauses }, completeness }: Mappings, source: YamlFile): readonly Fault[] {
  return completeness.read.call_notes
    .filter((subject) => !beginsWith(subject, pauses.call_notes))
    .map((subject) =>
      source.fault(
        ['pauses', 'call_notes'],
        'value',
        `completeness.yaml takes the words of a note «${subject}…» for the requester’s, but such a note ends no pause`,
        `Add «${subject}» here, or take it out of \`read.call_notes\` there.`,
      ),
    );
}

function repeatedRules(clock: Mappings['clock'], source: YamlFile): readonly Fault[] {
  const lists = (['stages', 'workaround'] as const).flatMap((group) =>
    Object.entries(clock[group]).map(([name, rows]) => ({ path: [group, name], names: rows.map((row) => row.name) })),
  );
  return lists.flatMap(({ path, names }) =>
    names.flatMap((name, index) => {
      const first = names.indexOf(name);
      return first === index
        ? []
        : [
            source.fault(
              [...path, index, 'name'],
              'value',
              `«${name}» already stands in row ${first + 1} of the list`,
              'Explanations name rules: give each rule of a list a name of its own.',
            ),
          ];
    }),
  );
}

/** Two deadlines in one field: it would show the later one of the list, and nobody would see the other. */
function repeatedFields({ shown }: Mappings['clock'], source: YamlFile): readonly Fault[] {
  return (['ticket', 'issue'] as const).flatMap((side) => {
    const rows = Object.entries(shown[side]).filter(([, field]) => field !== undefined);
    return rows.flatMap(([key, field], index) => {
      const first = rows.findIndex(([, other]) => other === field);
      return first === index
        ? []
        : [
            source.fault(
              ['shown', side, key],
              'value',
              `the field «${field}» already shows the ${rows[first]?.[0]}`,
              'Give each of them a field of its own.',
            ),
          ];
    });
  });
}

function brokenTexts({ texts, note }: Mappings['clock'], source: YamlFile): readonly Fault[] {
  const inNote = [...ticketPlaceholders, 'stage', 'share', 'due', 'term'];
  const { closedLate, closedUnstarted, reasonInNote, noReason, ...others } = clockPlaceholders;
  const named = {
    ...others,
    closed_late: closedLate,
    closed_unstarted: closedUnstarted,
    reason_in_note: reasonInNote,
    no_reason: noReason,
  };
  const lines = Object.entries(named).map(
    ([name, known]) => [['texts', name], texts[name as keyof typeof texts], known] as const,
  );
  const checked: readonly (readonly [readonly string[], unknown, readonly string[]])[] = [
    ...lines,
    [['note', 'subject'], note.subject, inNote],
    [['note', 'text'], note.text, inNote],
  ];
  return checked.flatMap(([path, template, known]) =>
    unknownPlaceholders(String(template), known).map(({ message, help }) => source.fault(path, 'value', message, help)),
  );
}
