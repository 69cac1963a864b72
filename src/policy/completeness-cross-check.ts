import { isSameText } from '../domain/condition.ts';
import { foldWord } from '../domain/russian.ts';
import { placeholdersOf } from '../domain/template.ts';
import { ticketPlaceholders } from '../domain/vocabulary.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { isItemMandatory, isRecogniserInForce } from './completeness-compile.ts';
import type { CompletenessMapping } from './completeness-schema.ts';
import { faultOfPhrase, faultOfRun, groupsOf } from './phrases.ts';
import { stray, unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

type Path = readonly (string | number)[];
type Found = readonly [path: Path, message: string, help: string];
type Row = CompletenessMapping['services'][number];
type SourceFiles = Readonly<Record<'completeness' | 'services', YamlFile>>;

/** What the schema of `completeness.yaml` cannot see: services without items, items that nothing can show, letters to nobody. */
export function crossCheckCompleteness(mappings: Mappings, sources: SourceFiles): readonly Fault[] {
  const { completeness } = mappings;
  const found = [
    ...unmatchedServices(mappings),
    ...completeness.services.flatMap((row, index) => faultsOfRow(row, ['services', index], completeness)),
    ...brokenPhrases(completeness),
    ...brokenWords(completeness),
    ...impossibleLetters(mappings),
    ...brokenTexts(completeness),
  ];
  return [
    ...withoutRow(mappings, sources.services),
    ...found.map(([path, message, help]) => sources.completeness.fault(path, 'value', message, help)),
  ];
}

function withoutRow({ completeness, services }: Mappings, source: YamlFile): readonly Fault[] {
  return services.services.flatMap(({ service }, index) =>
    completeness.services.some((row) => isSameText(row.service, service))
      ? []
      : [
          source.fault(
            ['services', index, 'service'],
            'value',
            `service «${service}» has no row in completeness.yaml`,
            'Add a row to `services` there; with `letter: off` it asks nobody.',
          ),
        ],
  );
}

function unmatchedServices({ completeness, services }: Mappings): readonly Found[] {
  const known = services.services.map(({ service }) => service);
  return completeness.services.flatMap(({ service, kind }, index): readonly Found[] => {
    const path = ['services', index, 'service'];
    if (completeness.services.findIndex((row) => isSameText(row.service, service)) < index) {
      return [[path, `«${service}» already has a row`, 'Remove one of the two rows.']];
    }

    return kind === 'change' || known.some((name) => isSameText(name, service))
      ? []
      : [
          [
            path,
            `services.yaml knows no service «${service}»${stray(service)}`,
            `It knows ${known.map((name) => `«${name}»`).join(', ')}; a service that lives in JIRA has \`kind: change\`.`,
          ],
        ];
  });
}

function faultsOfRow(row: Row, path: Path, mapping: CompletenessMapping): readonly Found[] {
  const labels = new Map<string, string>();
  return row.items.flatMap((item, index): readonly Found[] => {
    const at = [...path, 'items', index];
    const isRepeated = row.items.findIndex(({ name }) => name === item.name) < index;
    const isUnseen = !item.recognised_by.some((way) => isRecogniserInForce(way, mapping));
    return [
      ...(isRepeated
        ? ([
            [[...at, 'name'], `the service already has an item «${item.name}»`, 'Rename or remove one of the two.'],
          ] as const)
        : []),
      ...(isUnseen && isItemMandatory(item, mapping)
        ? ([
            [
              [...at, 'recognised_by'],
              'under the chosen readings nothing can show that the item is there: no ticket would ever be complete',
              'Add a way that has no `under`, for instance a `label`.',
            ],
          ] as const)
        : []),
      ...item.recognised_by.flatMap((way, position) =>
        (way.label ?? []).flatMap((label, place) =>
          repeatedLabel(label, item.name, labels, [...at, 'recognised_by', position, 'label', place]),
        ),
      ),
      ...item.recognised_by.flatMap((way, position): readonly Found[] =>
        way.letters === undefined || way.property === 'title' || way.property === 'text'
          ? []
          : [
              [
                [...at, 'recognised_by', position, 'letters'],
                '`letters` goes with `property: title` or `text`',
                'Remove it.',
              ],
            ],
      ),
    ];
  });
}

function repeatedLabel(label: string, item: string, known: Map<string, string>, path: Path): readonly Found[] {
  const folded = label.trim().split(/\s+/).map(foldWord).join(' ');
  const owner = known.get(folded);
  known.set(folded, owner ?? item);
  return owner === undefined || owner === item
    ? []
    : [[path, `the label «${label}» already belongs to the item «${owner}»`, 'A label can belong to one item only.']];
}

/** Every list of phrases, with its place. */
function phrasesOf({ services }: CompletenessMapping): readonly (readonly [Path, readonly string[]])[] {
  const asked = (list: readonly (Row['exempt'][number] | object)[], path: Path) =>
    list.flatMap((question, index) =>
      'phrases' in question && question.phrases !== undefined
        ? [[[...path, index, 'phrases'], question.phrases as readonly string[]] as const]
        : [],
    );
  return services.flatMap((row, index) => [
    ...asked(row.exempt, ['services', index, 'exempt']),
    ...asked(row.exempt_unless, ['services', index, 'exempt_unless']),
    ...row.items.flatMap((item, position) => {
      const at = ['services', index, 'items', position];
      return [
        ...asked(item.asked_if ?? [], [...at, 'asked_if']),
        ...asked(item.recognised_by, [...at, 'recognised_by']),
        ...item.recognised_by.flatMap(({ number_near }, way) =>
          number_near === undefined ? [] : [[[...at, 'recognised_by', way, 'number_near'], number_near] as const],
        ),
      ];
    }),
  ]);
}

function brokenPhrases(mapping: CompletenessMapping): readonly Found[] {
  return phrasesOf(mapping).flatMap(([path, phrases]) =>
    phrases.flatMap((phrase, index): readonly Found[] => {
      const fault = faultOfPhrase(phrase, mapping.words);
      return fault === undefined
        ? []
        : [[[...path, index], fault, 'Correct the phrase, or add the group under `words`.']];
    }),
  );
}

function brokenWords(mapping: CompletenessMapping): readonly Found[] {
  const { words, read, services } = mapping;
  const labels = services.flatMap((row, index) =>
    row.items.flatMap((item, position) =>
      item.recognised_by.map(
        ({ label = [] }, way) =>
          [['services', index, 'items', position, 'recognised_by', way, 'label'], label] as const,
      ),
    ),
  );
  const lists: readonly (readonly [Path, readonly string[]])[] = [
    ...Object.entries(words).map(([group, members]) => [['words', group], members] as const),
    [['read', 'denied_by', 'before'], read.denied_by.before],
    [['read', 'denied_by', 'after'], read.denied_by.after],
    [['read', 'doubts'], read.doubts],
    [['read', 'other_labels'], read.other_labels],
    ...labels,
  ];
  const broken = lists.flatMap(([path, members]) =>
    members.flatMap((member, index): readonly Found[] => {
      const fault = faultOfRun(member);
      return fault === undefined ? [] : [[[...path, index], fault, 'Correct or remove it.']];
    }),
  );
  const used = new Set(phrasesOf(mapping).flatMap(([, phrases]) => phrases.flatMap(groupsOf)));
  const unused = Object.keys(words)
    .filter((group) => !used.has(group))
    .map((group): Found => [['words', group], `no phrase uses the group «${group}»`, 'Correct or remove it.']);
  return [...broken, ...unused];
}

function impossibleLetters({ completeness, priority, status }: Mappings): readonly Found[] {
  const { letter, services, override, read } = completeness;
  const state = status.states.find((row) => isSameText(row.state, letter.pausing_state));
  const known = priority.priorities.map(({ ticket }) => `«${ticket}»`).join(', ');
  return [
    ...(state?.pauses === true
      ? []
      : ([
          [
            ['letter', 'pausing_state'],
            `«${letter.pausing_state}» is no state that pauses the terms`,
            'Name a state that has `pauses: true` in status.yaml.',
          ],
        ] as const)),
    ...letter.send_for.flatMap((name, index): readonly Found[] => {
      const row = priority.priorities.find(({ ticket }) => isSameText(ticket, name));
      const path = ['letter', 'send_for', index];
      if (row === undefined) {
        return [[path, `priority.yaml knows no priority «${name}»${stray(name)}`, `It knows ${known}.`]];
      }

      return row.rank === 1
        ? [
            [
              path,
              'a letter about the highest priority is never sent without an agent: it would stop its clock',
              'Remove the priority from the list: its letters stay drafts.',
            ],
          ]
        : [];
    }),
    ...services.flatMap((row, index): readonly Found[] =>
      row.letter === 'send' && letter.send_for.length === 0
        ? [
            [
              ['services', index, 'letter'],
              '`send` sends nothing while `letter.send_for` is empty',
              'List the priorities there, or write `draft`.',
            ],
          ]
        : [],
    ),
    ...(isSameText(override.complete, override.incomplete)
      ? ([
          [
            ['override', 'incomplete'],
            'one value cannot say both «complete» and «incomplete»',
            'Name two values of the field.',
          ],
        ] as const)
      : []),
    ...(read.digits.from > read.digits.to
      ? ([
          [
            ['read', 'digits', 'to'],
            'the longest number is shorter than the shortest',
            'Write `to` at least as large as `from`.',
          ],
        ] as const)
      : []),
  ];
}

function brokenTexts({ letter }: CompletenessMapping): readonly Found[] {
  const known = [...ticketPlaceholders, 'missing'];
  const texts: readonly (readonly [Path, string, readonly string[], string?])[] = [
    [['letter', 'subject'], letter.subject, known],
    [['letter', 'text'], letter.text, known, 'missing'],
    [['letter', 'draft', 'subject'], letter.draft.subject, known],
    [['letter', 'draft', 'text'], letter.draft.text, [...known, 'letter'], 'letter'],
  ];
  return texts.flatMap(([path, text, names, needed]): readonly Found[] => {
    return [
      ...unknownPlaceholders(text, names).map(({ message, help }): Found => [path, message, help]),
      ...(needed === undefined || placeholdersOf(text).includes(needed)
        ? []
        : ([[path, `the text lacks {${needed}}`, 'Without it the reader does not learn what is missing.']] as const)),
    ];
  });
}
