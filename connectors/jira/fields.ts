import { z } from 'zod';
import type { Fields, FieldValue } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { Dialect } from './dialect.ts';
import { fromWireMoment, toWireMoment } from './moment.ts';
import { type FieldKind, type JiraOptions, kindOf } from './options.ts';
import { cutText, labelOf, storableText, summaryOf, type TextOptions } from './text/limits.ts';
import { wireUser } from './wire.ts';

/** Values by field id, in JIRA's own shapes. */
export type WireFields = Record<string, unknown>;

type FieldOptions = Pick<JiraOptions, 'fields' | 'field_kinds' | keyof TextOptions>;

/** Fields by logical name in JIRA's shapes; an empty value clears. Throws `REFUSED` for a name without a field. */
export function writeFields(fields: Fields, options: FieldOptions, dialect: Dialect): WireFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const id = fieldIdOf(name, options);
      return [id, writeValue(value, kindOf(id, options), options, dialect)];
    }),
  );
}

/** The filled fields of an issue by logical name. One value is a string, several are a list. */
export function readFields(fields: Readonly<WireFields>, options: FieldOptions, dialect: Dialect): Fields {
  const filled: Record<string, FieldValue> = {};
  for (const [name, id] of Object.entries(options.fields)) {
    const texts = readValues(fields[id], kindOf(id, options), dialect);
    const [first] = texts;
    if (first !== undefined) {
      filled[name] = texts.length === 1 ? first : texts;
    }
  }

  return filled;
}

function fieldIdOf(name: string, { fields }: FieldOptions): string {
  const id = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (id === undefined) {
    throw new BridgeError(
      'REFUSED',
      `JIRA has no field for «${name}»: name it under jira.fields in the configuration`,
      {
        details: { field: name, known: Object.keys(fields) },
      },
    );
  }

  return id;
}

function writeValue(value: FieldValue, kind: FieldKind, options: TextOptions, dialect: Dialect): unknown {
  const texts = [value].flat().filter((text) => text !== '');
  const [first] = texts;
  switch (kind) {
    case 'wiki':
      return first === undefined ? null : dialect.writeText(texts.join('\n'), options);
    case 'text':
      return first === undefined ? null : cutText(texts.join('\n'), options);
    case 'line':
      return first === undefined ? null : summaryOf(texts.join(', '), options);
    case 'option':
      return first === undefined ? null : { value: storableText(first, options) };
    case 'options':
      return texts.map((text) => ({ value: storableText(text, options) }));
    case 'named':
      return first === undefined ? null : { name: storableText(first, options) };
    case 'names':
      return texts.map((text) => ({ name: storableText(text, options) }));
    case 'user':
      return first === undefined ? null : dialect.writeUser(first);
    case 'strings':
      return texts.map((text) => labelOf(text, options));
    case 'date':
      return first ?? null;
    case 'moment':
      return first === undefined ? null : toWireMoment(first);
  }
}

const choice = z.object({ value: z.string().optional(), name: z.string().optional() });

function readValues(value: unknown, kind: FieldKind, dialect: Dialect): readonly string[] {
  return [value].flat().flatMap((item) => {
    const text = readText(item, kind, dialect);
    return text === undefined || text.trim() === '' ? [] : [text];
  });
}

function readText(item: unknown, kind: FieldKind, dialect: Dialect): string | undefined {
  const rendered = kind === 'wiki' ? dialect.readText(item) : '';
  if (rendered !== '') {
    return rendered;
  }

  if (kind === 'user') {
    return dialect.readUser(wireUser.safeParse(item).data ?? {});
  }

  if (typeof item === 'string' && kind === 'moment') {
    return fromWireMoment(item);
  }

  if (typeof item === 'string') {
    return item;
  }

  if (typeof item === 'number') {
    return String(item);
  }

  const { data } = choice.safeParse(item);
  return data?.value ?? data?.name;
}
