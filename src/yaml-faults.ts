import * as z from 'zod';
import { alternatives, descriptionOf, isSecret, keysOf, type Path, schemasAt, showPath } from './schema-shape.ts';
import { nearest, strayLetters } from './spelling.ts';
import type { Fault, YamlFile } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/** Turns the issues of a zod schema into faults with a place in the file, in words for people who do not know zod. */
export function explainIssues(
  issues: readonly Issue[],
  schema: z.core.$ZodType,
  data: unknown,
  source: YamlFile,
): readonly Fault[] {
  const misspelt = new Set(issues.flatMap((issue) => meantBy(issue, schema)));

  return issues.flatMap((issue) => {
    if (misspelt.has(showPath(issue.path)) && valueAt(data, issue.path) === undefined) {
      return [];
    }

    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(key, issue.path, schema, source));
    }

    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      return explainIssues(mostTelling(issue), schema, data, source);
    }

    const { message, help } = explain(issue, schema, data);
    return [source.fault(issue.path, issue.code === 'invalid_key' ? 'key' : 'value', message, help)];
  });
}

/** Paths of the keys that misspelt ones were meant to be: they are not missing as well. */
function meantBy(issue: Issue, schema: z.core.$ZodType): readonly string[] {
  if (issue.code !== 'unrecognized_keys') {
    return [];
  }

  const known = schemasAt(schema, issue.path).flatMap(keysOf);
  return issue.keys.map((key) => showPath([...issue.path, nearest(key, known) ?? key]));
}

function unknownKey(key: string, section: Path, schema: z.core.$ZodType, source: YamlFile): Fault {
  const known = schemasAt(schema, section).flatMap(keysOf);
  const meant = nearest(key, known);
  const stray = strayLetters(key);
  const named = `unknown key \`${key}\`${stray === '' ? '' : ` (it ${stray})`}`;
  const message = `${named}${meant === undefined ? '' : `, did you mean \`${meant}\`?`}`;
  const [about] = meant === undefined ? [] : schemasAt(schema, [...section, meant]).map(descriptionOf);
  const list = known.map((each) => `\`${each}\``).join(', ');
  const help = meant === undefined ? `Known here: ${list}.` : sentence(about ?? '');

  return source.fault([...section, key], 'key', message, help);
}

function explain(issue: Issue, schema: z.core.$ZodType, data: unknown): { message: string; help: string } {
  const here = schemasAt(schema, issue.path);
  const value = valueAt(data, issue.path);
  // Where a union leaves open which option is meant, its description would be that of another one.
  const [only] = here.length === 1 ? here : [];
  const help = (only === undefined ? undefined : descriptionOf(only)) ?? '';

  if (value === undefined && issue.code !== 'custom' && issue.code !== 'invalid_key') {
    return { message: 'is missing', help: sentence(`write ${expectation(here)} here`, help) };
  }

  if (value === null && issue.code !== 'custom') {
    return { message: 'is empty', help: sentence(`give it ${expectation(here)} or remove the line`, help) };
  }

  const own = ownMessage(issue, value);
  const [message, advice] = own === undefined ? explainValue(issue, value, here) : [own, helpOf(issue)];
  return { message, help: sentence(strayIn(value, issue, here), advice, help) };
}

/** Says so where a value is refused for letters that only look right. A secret is never quoted, not even in part. */
function strayIn(value: unknown, issue: Issue, here: readonly z.core.$ZodType[]): string {
  const isAboutLetters = ['invalid_format', 'invalid_value', 'invalid_union', 'custom'].includes(issue.code);
  if (typeof value !== 'string' || !isAboutLetters || here.some(isSecret)) {
    return '';
  }

  const stray = strayLetters(value);
  return stray === '' ? '' : `it ${stray}`;
}

function explainValue(
  issue: Issue,
  value: unknown,
  here: readonly z.core.$ZodType[],
): readonly [message: string, advice: string] {
  switch (issue.code) {
    case 'invalid_type':
      return [
        `expected ${expectation(here)}, found ${kindOf(value)}`,
        issue.expected === 'string' && typeof value !== 'object' ? 'put the value in quotes' : '',
      ];
    case 'too_small':
      return [`is too ${sizeWord(issue.origin, 'small')}`, `${limitWord(issue.origin, 'at least')} ${issue.minimum}`];
    case 'too_big':
      return [`is too ${sizeWord(issue.origin, 'big')}`, `${limitWord(issue.origin, 'at most')} ${issue.maximum}`];
    case 'invalid_value':
    case 'invalid_union':
      return explainChoice(issue, value, here);
    case 'invalid_format':
      return [`is not ${formatWord(issue.format)}`, ''];
    case 'not_multiple_of':
      return ['does not fit the step', `use a multiple of ${issue.divisor}`];
    case 'invalid_key':
      return ['this key is not allowed here', issue.issues.map((inner) => inner.message).join('; ')];
    default:
      return [issue.message, ''];
  }
}

function explainChoice(
  issue: Extract<Issue, { code: 'invalid_value' | 'invalid_union' }>,
  value: unknown,
  here: readonly z.core.$ZodType[],
): readonly [message: string, advice: string] {
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : choicesOf(here);
  const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const message = 'is none of the allowed values';
  const advice = `use ${allowed.map((each) => `\`${each}\``).join(' or ')}`;

  return [meant === undefined ? message : `${message}, did you mean \`${meant}\`?`, advice];
}

/** Text that the schema's author gave to this rule, as against the library's own. */
function ownMessage(issue: Issue, input: unknown): string | undefined {
  if (issue.code === 'custom') {
    return issue.message;
  }

  const standard = z.locales.en().localeError({ ...issue, input } as z.core.$ZodRawIssue);
  const text = typeof standard === 'string' ? standard : standard?.message;
  return text === issue.message ? undefined : issue.message;
}

function helpOf(issue: Issue): string {
  const help: unknown = issue.code === 'custom' ? issue.params?.help : undefined;
  return typeof help === 'string' ? help : '';
}

/** Of the alternatives of a union, the one that the writer came nearest to: its first fault lies deepest. */
function mostTelling(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] {
  const alternative = issue.errors
    .map((issues) => ({ issues, depth: Math.max(0, ...issues.map((each) => each.path.length)) }))
    .sort((a, b) => b.depth - a.depth || a.issues.length - b.issues.length)[0];

  return (alternative?.issues ?? []).map((each) => ({ ...each, path: [...issue.path, ...each.path] }) as Issue);
}

/** What a person should write, e.g. `text or a list`. */
export function expectation(schemas: readonly z.core.$ZodType[]): string {
  const words = schemas.flatMap(alternatives).map((schema) => {
    if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) {
      return `one of ${choicesOf([schema])
        .map((each) => `\`${each}\``)
        .join(', ')}`;
    }

    return typeWord(schema);
  });

  return [...new Set(words)].join(' or ') || 'another value';
}

function typeWord(schema: z.core.$ZodType): string {
  switch (schema._zod.def.type) {
    case 'string':
    case 'template_literal':
      return 'text';
    case 'number':
    case 'int':
      return schema instanceof z.ZodNumber && schema.format === 'safeint' ? 'a whole number' : 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
    case 'tuple':
      return 'a list';
    case 'object':
    case 'record':
      return 'a section';
    default:
      return 'another value';
  }
}

function choicesOf(schemas: readonly z.core.$ZodType[]): readonly string[] {
  return schemas.flatMap(alternatives).flatMap((schema) => {
    if (schema instanceof z.ZodEnum) {
      return schema.options.map(String);
    }

    return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
  });
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }

  const words: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    bigint: 'a number',
    boolean: 'true or false',
    object: 'a section',
  };
  return words[typeof value] ?? 'something else';
}

function sizeWord(origin: string, side: 'small' | 'big'): string {
  const ofLength = { small: 'short', big: 'long' } as const;
  return origin === 'number' || origin === 'int' ? side : ofLength[side];
}

function limitWord(origin: string, bound: string): string {
  const units: Readonly<Record<string, string>> = { string: 'characters', array: 'entries', set: 'entries' };
  const unit = units[origin];
  return unit === undefined ? `use ${bound}` : `number of ${unit}: ${bound}`;
}

function formatWord(format: string): string {
  const words: Readonly<Record<string, string>> = {
    url: 'a web address (`http://…` or `https://…`)',
    email: 'an e-mail address',
    regex: 'in the expected form',
    date: 'a date (`2026-12-31`)',
    time: 'a time of day (`09:00`)',
    datetime: 'a moment (`2026-12-31T09:00:00Z`)',
    duration: 'a duration (`PT4H`)',
  };
  return words[format] ?? `a valid ${format}`;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }

    return Reflect.get(value, step);
  }, data);
}

/** Joins the parts that say something, each as a sentence of its own. */
function sentence(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1).replace(/\.$/, '')}.`)
    .join(' ');
}
