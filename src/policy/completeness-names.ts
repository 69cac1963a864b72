import type { CompletenessMapping } from './completeness-schema.ts';

type Path = readonly (string | number)[];
type Question = CompletenessMapping['services'][number]['exempt'][number];
type Condition = Exclude<Question, { phrases: unknown }>;

/** The names of OTRS that the lists of items use, but for the services: those of services.yaml stand for them. */
export function completenessNames(mapping: CompletenessMapping, at: (path: Path) => string) {
  const { services, letter, override } = mapping;
  const rows = services.map((row, index) => ({ ...row, path: ['services', index] as const }));
  return {
    types: rows.flatMap(({ types, path }) => types.map((name, index) => ({ name, at: at([...path, 'types', index]) }))),
    states: [{ name: letter.pausing_state, at: at(['letter', 'pausing_state']) }],
    priorities: letter.send_for.map((name, index) => ({ name, at: at(['letter', 'send_for', index]) })),
    fields: [
      { name: override.field, at: at(['override', 'field']) },
      ...rows.flatMap(({ items, path }) =>
        items.flatMap((item, index) =>
          item.recognised_by.flatMap(({ field }, way) =>
            field === undefined
              ? []
              : [{ name: field, at: at([...path, 'items', index, 'recognised_by', way, 'field']) }],
          ),
        ),
      ),
    ],
    fieldValues: (['complete', 'incomplete'] as const).map((value) => ({
      field: override.field,
      name: override[value],
      at: at(['override', value]),
    })),
  };
}

/** Every condition on a property, with its place in the file. */
export function completenessConditions({ services }: CompletenessMapping) {
  return services.flatMap((row, index) => {
    const path: Path = ['services', index];
    return [
      ...conditionsIn(row.exempt, [...path, 'exempt']),
      ...conditionsIn(row.exempt_unless, [...path, 'exempt_unless']),
      ...row.items.flatMap((item, position) =>
        conditionsIn(item.asked_if ?? [], [...path, 'items', position, 'asked_if']),
      ),
    ];
  });
}

function conditionsIn(questions: readonly Question[], path: Path) {
  return questions.flatMap((question, index): readonly { readonly path: Path; readonly condition: Condition }[] =>
    'phrases' in question ? [] : [{ path: [...path, index], condition: question }],
  );
}
