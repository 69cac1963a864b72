import { CUT_MARK } from '../../src/domain/field-value.ts';
import type { ChangingProperty, HistoryEntry, PropertyChange } from '../../src/domain/ticket.ts';
import { fromNaive, isNaive, toIso } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import { NOBODY, type WireHistoryEntry } from './wire.ts';

type Reading = Pick<OtrsOptions, 'time_zone' | 'dynamic_fields' | 'checkboxes' | 'moments'>;

/** How OTRS ends a value that its history cuts. */
const CUT = '[...]';

/** One entry of the history, with what it says about properties of the ticket. Throws `ANSWER_UNREADABLE`. */
export function toHistoryEntry(entry: WireHistoryEntry, options: Reading): HistoryEntry {
  const changes = changesOf(entry, options);
  return {
    at: fromNaive(entry.CreateTime, options.time_zone),
    by: entry.CreateBy,
    what: entry.HistoryType,
    detail: entry.Name,
    ...(entry.ArticleID === undefined ? {} : { commentId: entry.ArticleID }),
    ...(changes.length === 0 ? {} : { changes }),
  };
}

/** `StateUpdate` and `PriorityUpdate` name the old value first, the others the new one. */
function changesOf({ HistoryType, Name }: WireHistoryEntry, options: Reading): readonly PropertyChange[] {
  const [, ...parts] = Name.split('%%');
  switch (HistoryType) {
    case 'NewTicket':
      return registered(parts);
    case 'StateUpdate':
      return [change('state', parts[0], parts[1])];
    case 'PriorityUpdate':
      return [change('priority', parts[0], parts[2])];
    case 'Move':
      return [change('ticket_queue', parts[2], parts[0])];
    case 'ServiceUpdate':
      return [change('service', parts[2], parts[0])];
    case 'TypeUpdate':
      return [change('type', parts[2], parts[0])];
    case 'OwnerUpdate':
      return [change('owner', undefined, parts[1] === NOBODY ? undefined : parts[0])];
    case 'TicketDynamicFieldUpdate':
      return fieldChange(Name, options);
    default:
      return [];
  }
}

/** `%%number%%queue%%priority%%state%%id`; an entry of the same type for the first article names none of them. */
function registered(parts: readonly string[]): readonly PropertyChange[] {
  const [, queue, priority, state] = parts;
  return parts.length < 5
    ? []
    : [
        change('ticket_queue', undefined, queue),
        change('priority', undefined, priority),
        change('state', undefined, state),
      ];
}

/** Values are people's texts and may hold anything, so the words between them are looked for from both ends. */
function fieldChange(name: string, options: Reading): readonly PropertyChange[] {
  const match = /^%%FieldName%%(.+?)%%Value%%(.*)%%OldValue%%(.*)$/s.exec(name);
  const [, field, to, from] = match ?? [];
  const [logical] = Object.entries(options.dynamic_fields).find(([, known]) => known === field) ?? [];
  return logical === undefined
    ? []
    : [change(`fields.${logical}`, fieldValue(from, logical, options), fieldValue(to, logical, options))];
}

function fieldValue(value: string | undefined, logical: string, options: Reading): string | undefined {
  if (value === undefined || (value === '0' && options.checkboxes.includes(logical))) {
    return undefined;
  }

  if (options.moments.includes(logical) && isNaive(value)) {
    return toIso(fromNaive(value, options.time_zone));
  }

  return value.endsWith(CUT) ? `${value.slice(0, -CUT.length)}${CUT_MARK}` : value;
}

function change(property: ChangingProperty, from: string | undefined, to: string | undefined): PropertyChange {
  return { property, ...known('from', from), ...known('to', to) };
}

/** OTRS writes `NULL` for no service. */
function known<Key extends 'from' | 'to'>(key: Key, value: string | undefined): { readonly [name in Key]?: string } {
  const isKnown = value !== undefined && value !== '' && value !== 'NULL';
  return (isKnown ? { [key]: value } : {}) as { readonly [name in Key]?: string };
}
