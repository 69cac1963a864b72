import { CUT_MARK } from '../../src/domain/field-value.ts';
import type { ChangingProperty, HistoryEntry, PropertyChange } from '../../src/domain/ticket.ts';
import { fromNaive, isNaive, toIso } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import { NOBODY, type WireHistoryEntry, type WireTicket } from './wire.ts';

type Reading = Pick<OtrsOptions, 'time_zone' | 'dynamic_fields' | 'checkboxes' | 'moments'>;

/** How OTRS ends a value that its history cuts. */
const CUT = '[...]';

/** Logins by UserID, as far as the ticket tells them. */
type Owners = ReadonlyMap<string, string>;

/** The history with what each entry says about properties of the ticket. Throws `ANSWER_UNREADABLE`. */
export function toHistory(
  entries: readonly WireHistoryEntry[],
  ticket: Pick<WireTicket, 'Owner' | 'OwnerID'>,
  options: Reading,
): readonly HistoryEntry[] {
  const owners = ownersIn(entries, ticket);
  return entries.map((entry, index) => {
    const changes = changesOf(entry, { before: entries[index - 1]?.OwnerID, owners }, options);
    return {
      at: fromNaive(entry.CreateTime, options.time_zone),
      by: entry.CreateBy,
      what: entry.HistoryType,
      detail: entry.Name,
      ...(entry.ArticleID === undefined ? {} : { commentId: entry.ArticleID }),
      ...(changes.length === 0 ? {} : { changes }),
    };
  });
}

/** The agents who own the ticket or came to own it: entries name the owner of their time by his id alone. */
function ownersIn(
  entries: readonly WireHistoryEntry[],
  { Owner, OwnerID }: Pick<WireTicket, 'Owner' | 'OwnerID'>,
): Owners {
  const later = entries.flatMap(({ HistoryType, Name }) => {
    const [, login = '', id = ''] = HistoryType === 'OwnerUpdate' ? Name.split('%%') : [];
    return id === '' ? [] : [[id, login] as const];
  });
  return new Map([...later, [OwnerID, Owner]]);
}

/** Undefined for nobody. Whom nothing names by his login is known to be somebody all the same. */
function ownerOf(id: string | undefined, owners: Owners): string | undefined {
  return id === undefined || id === NOBODY ? undefined : (owners.get(id) ?? `#${id}`);
}

interface Owning {
  /** UserID of the owner before the entry; undefined where OTRS does not tell him. */
  readonly before: string | undefined;
  readonly owners: Owners;
}

/** `StateUpdate` and `PriorityUpdate` name the old value first, the others the new one. */
function changesOf(
  { HistoryType, Name, OwnerID }: WireHistoryEntry,
  { before, owners }: Owning,
  options: Reading,
): readonly PropertyChange[] {
  const [, ...parts] = Name.split('%%');
  switch (HistoryType) {
    case 'NewTicket':
      return registered(parts, ownerOf(OwnerID, owners));
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
      return [change('owner', ownerOf(before, owners), parts[1] === NOBODY ? undefined : parts[0])];
    case 'TicketDynamicFieldUpdate':
      return fieldChange(Name, options);
    default:
      return [];
  }
}

/** `%%number%%queue%%priority%%state%%id`; an entry of the same type for the first article names none of them. */
function registered(parts: readonly string[], owner: string | undefined): readonly PropertyChange[] {
  const [, queue, priority, state] = parts;
  return parts.length < 5
    ? []
    : [
        change('ticket_queue', undefined, queue),
        change('priority', undefined, priority),
        change('state', undefined, state),
        ...(owner === undefined ? [] : [change('owner', undefined, owner)]),
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
