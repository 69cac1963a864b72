import type { ChangingProperty, FieldValue, Snapshot } from './ticket.ts';

/** Properties of a ticket that a rule may ask for, besides `fields.<logical name>`. */
export const conditionProperties = [
  'title',
  'text',
  'type',
  'service',
  'ticket_queue',
  'priority',
  'state',
  'owner',
] as const;

export type ConditionProperty = 'text' | ChangingProperty;

/** One question about a ticket. All conditions of a rule must hold. */
export type Condition =
  | { readonly property: ConditionProperty; readonly test: 'is' | 'is_not'; readonly values: readonly string[] }
  | { readonly property: ConditionProperty; readonly test: 'filled' | 'empty' };

/** An answered condition, with the value that the answer rests on. */
export interface Answer {
  readonly condition: Condition;
  readonly holds: boolean;
  readonly value: readonly string[];
}

export function answer(condition: Condition, ticket: Snapshot): Answer {
  const value = valuesOf(condition.property, ticket);
  return { condition, value, holds: holds(condition, value) };
}

/** An answer as one clause of a sentence, e.g. `ticket_queue is «NTTM::3ЛТП»`. */
export function describeAnswer({ condition, value }: Answer): string {
  const shown = value.length === 0 ? 'empty' : value.map((part) => `«${part}»`).join(', ');
  return `${condition.property} is ${shown}`;
}

function holds(condition: Condition, value: readonly string[]): boolean {
  switch (condition.test) {
    case 'filled':
      return value.length > 0;
    case 'empty':
      return value.length === 0;
    case 'is':
      return condition.values.some((wanted) => value.some((found) => isSameText(found, wanted)));
    case 'is_not':
      return !condition.values.some((wanted) => value.some((found) => isSameText(found, wanted)));
  }
}

/** The values of a property that are not blank; none where it is empty. */
export function valuesOf(property: ConditionProperty, ticket: Snapshot): readonly string[] {
  return listOf(read(property, ticket)).filter((part) => part.trim() !== '');
}

function read(property: ConditionProperty, ticket: Snapshot): FieldValue | undefined {
  switch (property) {
    case 'title':
      return ticket.title;
    case 'text':
      return ticket.text;
    case 'type':
      return ticket.type;
    case 'service':
      return ticket.service;
    case 'ticket_queue':
      return ticket.ticketQueue;
    case 'priority':
      return ticket.priority;
    case 'state':
      return ticket.state;
    case 'owner':
      return ticket.owner;
    default:
      return ticket.fields[property.slice('fields.'.length)];
  }
}

function listOf(value: FieldValue | undefined): readonly string[] {
  if (value === undefined) {
    return [];
  }

  return typeof value === 'string' ? [value] : value;
}

/** Names are compared as people read them: without regard to case, outer blanks and the form of «ё» and combined letters. */
export function isSameText(left: string, right: string): boolean {
  return left === right || fold(left) === fold(right);
}

/** Names come back with every ticket, and folding one costs more than all else that a rule does with it. */
const folded = new Map<string, string>();
const FOLDED_AT_MOST = 2_000;
const NAME_AT_MOST = 200;

/** Whether a text begins with one of these, compared as names are. */
export function beginsWith(text: string, beginnings: readonly string[]): boolean {
  const start = fold(text);
  return beginnings.some((beginning) => start.startsWith(fold(beginning)));
}

/** A name as it is compared. */
export function fold(text: string): string {
  const known = folded.get(text);
  if (known !== undefined) {
    return known;
  }

  const name = text.normalize('NFC').trim().toLocaleLowerCase('ru').replaceAll('ё', 'е');
  if (text.length <= NAME_AT_MOST) {
    if (folded.size >= FOLDED_AT_MOST) {
      folded.clear();
    }
    folded.set(text, name);
  }
  return name;
}
