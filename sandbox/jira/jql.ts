import { DateTime } from 'luxon';
import { findNamed, type Named, projects, resolutions } from './catalogue.ts';
import { Refusal } from './refusal.ts';
import type { Indexed } from './state.ts';
import { statuses } from './workflow.ts';

/** The part of JQL that tools like the bridge use: clauses joined by AND, and ORDER BY. */

type Token = { readonly kind: 'word' | 'text' | 'sign'; readonly value: string };

interface Clause {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

interface Query {
  readonly clauses: readonly Clause[];
  readonly order: { readonly field: string; readonly direction: 'asc' | 'desc' };
}

const tokens = /\s*(?:"((?:[^"\\]|\\.)*)"|([<>!]=|[()<>=,~])|([^\s"()<>=!~,]+))/gsuy;

function scan(jql: string): readonly Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of jql.trim().matchAll(tokens)) {
    end = match.index + match[0].length;
    const [, text, sign, word] = match;
    if (text !== undefined) {
      found.push({ kind: 'text', value: text.replace(/\\(.)/g, '$1') });
    } else if (sign !== undefined) {
      found.push({ kind: 'sign', value: sign });
    } else if (word !== undefined) {
      found.push({ kind: 'word', value: word });
    }
  }
  if (end < jql.trim().length) {
    throw fault(`The character '${jql.trim()[end]}' is a reserved JQL character.`);
  }

  return found;
}

function parse(jql: string): Query {
  const left = [...scan(jql)];
  const take = () => left.shift() ?? { kind: 'sign', value: '(end)' };
  const isWord = (value: string) => left[0]?.kind === 'word' && left[0].value.toLowerCase() === value;
  const clauses: Clause[] = [];
  while (left.length > 0 && !isWord('order')) {
    if (clauses.length > 0 && take().value.toLowerCase() !== 'and') {
      throw fault('Expecting either AND or ORDER BY.');
    }

    clauses.push(clause(take, isWord));
  }

  if (left.length === 0) {
    return { clauses, order: { field: 'key', direction: 'desc' } };
  }

  const [, by, field, direction, ...rest] = left.map(({ value }) => value.toLowerCase());
  if (by !== 'by' || field === undefined || rest.length > 0) {
    throw fault('Expecting ORDER BY and one field.');
  }

  return { clauses, order: { field, direction: direction === 'desc' ? 'desc' : 'asc' } };
}

function clause(take: () => Token | { kind: string; value: string }, isWord: (value: string) => boolean): Clause {
  const field = take().value.toLowerCase();
  const operator = take().value.toLowerCase();
  if (operator === 'in') {
    const values: string[] = [];
    if (take().value !== '(') {
      throw fault("Expecting '('.");
    }

    for (let separator = ','; separator === ','; separator = take().value) {
      values.push(take().value);
    }
    return { field, operator, values };
  }

  if (operator === 'is') {
    const isNegated = isWord('not') && take() !== undefined;
    take();
    return { field, operator: isNegated ? 'is not' : 'is', values: [] };
  }

  if (!['=', '!=', '>=', '<=', '>', '<', '~'].includes(operator)) {
    throw fault(`Expecting an operator, got '${operator}'.`);
  }

  return { field, operator, values: [take().value] };
}

/** The entries that a query finds, in its order. `timeZone` is that of the account. Throws `Refusal` 400. */
export function search(jql: string, entries: readonly Indexed[], timeZone: string): readonly Indexed[] {
  const { clauses, order } = parse(jql);
  const tests = clauses.map((each) => compile(each, timeZone));
  const sign = order.direction === 'asc' ? 1 : -1;
  return entries
    .filter((entry) => tests.every((test) => test(entry)))
    .toSorted((left, right) => sign * compare(left, right, order.field));
}

const textFields = ['summary', 'cf[10500]', 'cf[10600]'];

function compile({ field, operator, values }: Clause, timeZone: string): (entry: Indexed) => boolean {
  if (textFields.includes(field)) {
    return textTest(field.replace(/^cf\[(\d+)\]$/, 'customfield_$1'), operator, values[0] ?? '');
  }

  if (operator === '~') {
    throw fault(`The operator '~' is not supported by the '${field}' field.`);
  }

  switch (field) {
    case 'project':
      return projectTest(values);
    case 'labels':
      return (entry) => entry.labels.some((label) => values.includes(label));
    case 'key':
    case 'issuekey':
    case 'id':
      return (entry) => values.includes(entry.key) || values.includes(entry.id);
    case 'status':
      return (entry) => (operator === '!=') !== isOneOf(statuses, values, entry.status);
    case 'statuscategory':
      return (entry) => values.includes(statuses.find(({ name }) => name === entry.status)?.category.key ?? '');
    case 'resolution':
      return operator.startsWith('is')
        ? (entry) => (entry.resolution === null) === (operator === 'is')
        : (entry) => entry.resolution !== null && isOneOf(resolutions, values, entry.resolution);
    case 'updated':
    case 'created':
      return momentTest(field, operator, values[0] ?? '', timeZone);
    default:
      throw fault(`Field '${field}' does not exist or you do not have permission to view it.`);
  }
}

function projectTest(values: readonly string[]): (entry: Indexed) => boolean {
  const named = (value: string) => projects.find(({ id, key, name }) => [id, key, name].includes(value));
  const unknown = values.find((value) => named(value) === undefined);
  if (unknown !== undefined) {
    throw fault(`The value '${unknown}' does not exist for the field 'project'.`);
  }

  const keys = values.map((value) => named(value)?.key);
  return (entry) => keys.includes(entry.project);
}

/** `~` finds texts that have all of the words, in any order: it is no search for the exact text. */
function textTest(field: string, operator: string, value: string): (entry: Indexed) => boolean {
  if (operator !== '~') {
    throw fault(`The operator '${operator}' is not supported by the '${field}' field.`);
  }

  const wanted = wordsOf(value);
  return ({ texts }) => {
    const words = wordsOf(texts[field] ?? '');
    return wanted.length > 0 && wanted.every((word) => words.includes(word));
  };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function momentTest(field: 'updated' | 'created', operator: string, value: string, timeZone: string) {
  const moment = DateTime.fromFormat(value, 'yyyy/MM/dd HH:mm', { zone: timeZone });
  if (!moment.isValid) {
    throw fault(`Date value '${value}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm'.`);
  }

  const limit = moment.toMillis();
  return (entry: Indexed) => {
    const at = entry[field].toMillis();
    return (operator.startsWith('>') && at > limit) || (operator.startsWith('<') && at < limit) || at === limit;
  };
}

/** Whether one of the ids or names, in either language, is that of the thing with this name. */
function isOneOf(list: readonly Named[], values: readonly string[], name: string): boolean {
  return values.some((value) => (findNamed(list, { name: value }) ?? findNamed(list, { id: value }))?.name === name);
}

function compare(left: Indexed, right: Indexed, field: string): number {
  const byTime = field === 'created' || field === 'updated' ? left[field].toMillis() - right[field].toMillis() : 0;
  return byTime === 0 ? Number(left.id) - Number(right.id) : byTime;
}

function fault(reason: string): Refusal {
  return new Refusal(400, [`Error in the JQL Query: ${reason}`]);
}
