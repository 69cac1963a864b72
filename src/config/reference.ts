import * as z from 'zod';
import { alternatives, descriptionOf, isSecret } from '../schema-shape.ts';
import { expectation } from '../yaml-faults.ts';

type Schema = z.core.$ZodType;

/** One option as the reference shows it. */
interface Row {
  /** E.g. `http.webhooks.otrs.basic.user`; `<name>` stands for a key of one's own, `[]` for an entry of a list. */
  readonly path: string;
  readonly schema: Schema;
  /** E.g. `kind: postgres`, where the option belongs to one alternative. */
  readonly when?: string;
}

/** The page `docs/configuration.md`: one table per section, in the order of the schema. */
export function referencePage(schema: Schema, introduction: string): string {
  const [root] = alternatives(schema);
  const sections = root instanceof z.ZodObject ? Object.entries<Schema>(root.shape) : [];
  const plain = sections.filter(([name, section]) => rowsBelow(section, name).length === 0);
  const parts = sections
    .filter((entry) => !plain.includes(entry))
    .map(([name, section]) => [`## ${name}`, descriptionOf(section) ?? '', table(rowsBelow(section, name))]);
  const top = table(plain.map(([name, section]) => ({ path: name, schema: section })));

  return `${[introduction.trim(), ...parts.flat(), '## Top level', top].filter((part) => part !== '').join('\n\n')}\n`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ path, schema, when }) => {
    const meaning = [
      when === undefined ? '' : `With \`${when}\`.`,
      descriptionOf(schema) ?? '',
      isSecret(schema) ? '**Secret.**' : '',
    ];
    const cells = [`\`${path}\``, typeOf(schema), defaultOf(schema), meaning.filter((part) => part !== '').join(' ')];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  });

  return ['| Option | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function rowsBelow(schema: Schema, path: string): readonly Row[] {
  const members = alternatives(schema);
  const kinds = members.length > 1 ? discriminatorOf(schema) : undefined;

  return members.flatMap((member) => {
    if (member instanceof z.ZodObject) {
      const shape: Readonly<Record<string, Schema>> = member.shape;
      const kind = kinds === undefined ? undefined : shape[kinds];
      const when = kind === undefined ? {} : { when: `${kinds}: ${literalOf(kind)}` };
      return Object.entries(shape).flatMap(([key, option]) =>
        rowsOf(option, `${path}.${key}`, key === kinds ? {} : when),
      );
    }

    if (member instanceof z.ZodRecord && alternatives(member.valueType).some(isSection)) {
      return rowsBelow(member.valueType, `${path}.<name>`);
    }

    return member instanceof z.ZodArray && alternatives(member.element).some(isSection)
      ? rowsBelow(member.element, `${path}[]`)
      : [];
  });
}

function rowsOf(option: Schema, path: string, when: { readonly when?: string }): readonly Row[] {
  const below = rowsBelow(option, path);
  const isPlainSection = alternatives(option).every(isSection) && below.length > 0;

  return isPlainSection && descriptionOf(option) === undefined ? below : [{ path, schema: option, ...when }, ...below];
}

function isSection(schema: Schema): boolean {
  return schema instanceof z.ZodObject;
}

function discriminatorOf(schema: Schema): string | undefined {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return schema.def.discriminator;
  }

  return isWrapper(schema) ? discriminatorOf(schema.unwrap()) : undefined;
}

function literalOf(schema: Schema): string {
  const [literal] = alternatives(schema);
  return literal instanceof z.ZodLiteral ? String(literal.value) : '';
}

function typeOf(schema: Schema): string {
  const words = alternatives(schema).map((member) => {
    if (member instanceof z.ZodArray) {
      return `a list of ${typeOf(member.element)}`;
    }

    if (member instanceof z.ZodRecord) {
      return `a section, each key with ${typeOf(member.valueType)}`;
    }

    const word = expectation([member]);
    return member instanceof z.ZodNumber ? [word, ...limitsOf(member)].join(', ') : word.replace(/^one of (?!.*,)/, '');
  });

  return words.join(' or ');
}

function limitsOf(schema: z.ZodNumber): readonly string[] {
  const { minValue: lowest, maxValue: highest } = schema;
  const hasLowest = lowest !== null && Number.isFinite(lowest) && lowest > Number.MIN_SAFE_INTEGER;
  const hasHighest = highest !== null && Number.isFinite(highest) && highest < Number.MAX_SAFE_INTEGER;
  const bound = hasLowest && schema.safeParse(lowest).success ? 'at least' : 'more than';

  return [...(hasLowest ? [`${bound} ${lowest}`] : []), ...(hasHighest ? [`at most ${highest}`] : [])];
}

/** The default as it would be written in YAML; a section's defaults stand with its options. */
function defaultOf(schema: Schema): string {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    const value: unknown = schema.def.defaultValue;
    const isEmptySection = JSON.stringify(value) === '{}' && alternatives(schema).some(isSection);
    return isEmptySection ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
  }

  if (schema instanceof z.ZodOptional) {
    return 'none';
  }

  return isWrapper(schema) ? defaultOf(schema.unwrap()) : '*required*';
}

function isWrapper(schema: Schema): schema is z.ZodDefault | z.ZodPrefault | z.ZodOptional | z.ZodReadonly {
  return (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodReadonly
  );
}
