import type { DateTime } from 'luxon';
import type { ActionKey } from '../../../src/domain/action.ts';
import { refusalOf } from '../../../src/domain/evolve.ts';
import type { Inheritance } from '../../../src/domain/inheritance.ts';
import type { Link, Refusal, RelatedRef } from '../../../src/domain/link.ts';
import { nameOf, type Ref } from '../../../src/domain/ticket.ts';
import { BridgeError } from '../../../src/errors.ts';
import { momentOf, refOf, textOf } from '../../../src/store/rows.ts';
import type { Claim, LinkChange } from '../../../src/store/store.ts';
import { demandClaim, type Memory, type Tables } from './tables.ts';

export function link(tables: Tables, ticket: Ref): Link {
  const { key, issue, agreed, related } = tables.memories.get(ticket.id) ?? blank();
  const kept = [...(tables.intents.get(ticket.id) ?? [])];
  const done = kept.filter(([, { state }]) => state === 'done');
  return {
    ticket: refOf(ticket.system, ticket.id, key ?? ticket.key ?? null),
    agreed: JSON.parse(agreed),
    related: related
      .toSorted((one, other) => one.position - other.position || (one.name < other.name ? -1 : 1))
      .map(({ name, role, ref }) => ({ name, role, ref })),
    done: Object.fromEntries(done.map(([actionKey, { effect = '' }]) => [actionKey, effect])),
    refused: refusals(tables, ticket.id),
    ...(issue === undefined ? {} : { issue }),
  };
}

function blank(): Memory {
  return { key: undefined, issue: undefined, agreed: '{}', related: [] };
}

/** Only what still has an open letter. */
function refusals({ intents, letters }: Tables, id: string): Record<ActionKey, Refusal> {
  const open = letters.flatMap(({ ticket, actionKey, state, code, message, details, at }) => {
    const kept = actionKey === undefined || ticket !== id ? undefined : intents.get(id)?.get(actionKey);
    return state !== 'open' || kept?.state !== 'refused' || actionKey === undefined
      ? []
      : [
          [
            actionKey,
            refusalOf(JSON.parse(kept.action), { code, message, details: JSON.parse(details) }, momentOf(at)),
          ],
        ];
  });
  return Object.fromEntries(open);
}

export function ticketOf({ memories }: Tables, home: string, { system, id, key }: Ref): Ref | undefined {
  const own = [...memories].filter(([, { issue }]) => issue?.system === system);
  const [ticket, memory] =
    own.find(([, { issue }]) => issue?.id === id) ??
    own.find(([, { issue }]) => key !== undefined && issue?.key === key) ??
    [];
  return ticket === undefined ? undefined : refOf(home, ticket, memory?.key ?? null);
}

export function remember(tables: Tables, claim: Claim, change: LinkChange): void {
  demandClaim(tables, claim);
  demandFree(tables, claim, change);
  applyChange(tables, claim, change);
}

/** Throws if one of the records belongs to another ticket than `giver`, who gives it away; comes before the first write. */
export function demandFree(
  { memories }: Tables,
  claim: Claim,
  { issue, related = [] }: LinkChange,
  giver = claim.ticket.id,
): void {
  if (issue === undefined && related.length === 0) {
    return;
  }

  for (const [ticket, memory] of memories) {
    const isOther = ticket !== claim.ticket.id && ticket !== giver;
    if (isOther && issue !== undefined && isSame(memory.issue, issue)) {
      throw takenBy(issue, memory.key ?? ticket, claim);
    }
    for (const { ref, name } of related) {
      if (memory.related.some((other) => isSame(other.ref, ref) && (isOther || other.name !== name))) {
        throw takenBy(ref, memory.key ?? ticket, claim);
      }
    }
  }
}

function isSame(one: Ref | undefined, other: Ref): boolean {
  return one?.system === other.system && one.id === other.id;
}

function takenBy(record: Ref, other: string, { ticket }: Claim): BridgeError {
  const refusal = `${record.system} ${nameOf(record)} cannot be linked with ticket ${nameOf(ticket)}`;
  return new BridgeError('INTERNAL', `${refusal}: it belongs to ticket ${other}`, { disposition: 'again' });
}

/** What the change does not name stays. */
export function applyChange(tables: Tables, { ticket }: Claim, change: LinkChange): void {
  const memory = memoryOf(tables, ticket.id);
  const work = tables.work.get(ticket.id);
  memory.key = change.ticket?.key ?? ticket.key ?? memory.key;
  if (work !== undefined && change.ticket?.key !== undefined) {
    work.key = change.ticket.key;
  }
  if (change.issue !== undefined) {
    memory.issue = refOf(textOf(change.issue.system), textOf(change.issue.id), change.issue.key ?? null);
  }
  if (change.agreed !== undefined) {
    memory.agreed = JSON.stringify(change.agreed);
  }
  for (const [position, related] of (change.related ?? []).entries()) {
    put(memory, related, position);
  }
}

function memoryOf({ memories }: Tables, id: string): Memory {
  const memory = memories.get(id) ?? blank();
  memories.set(id, memory);
  return memory;
}

function put(memory: Memory, related: RelatedRef, position: number): void {
  memory.related = [...memory.related.filter(({ name }) => name !== related.name), { ...related, position }];
}

/** See the contract. */
export function inherit(tables: Tables, claim: Claim, from: Ref, inheritance: Inheritance, now: DateTime): boolean {
  demandClaim(tables, claim);
  const work = tables.work.get(from.id);
  const moment = now.toMillis();
  const isLeased = (work?.lease ?? 0) > moment;
  const isDue = work?.attempt === 0 && work.due !== undefined && work.due <= moment;
  if (isLeased || isDue) {
    return false;
  }

  const { issue, agreed } = inheritance;
  const merged = tables.memories.get(from.id);
  const change = { agreed, ...(issue === undefined ? {} : { issue }) };
  demandFree(tables, claim, change, from.id);
  if (merged !== undefined && issue !== undefined) {
    merged.issue = undefined;
  }
  if (work !== undefined) {
    work.fence += 1;
  }
  takeIntents(tables, claim.ticket, from.id, inheritance.carries);
  forgetRelated(tables, from, claim.ticket);
  takeRelated(memoryOf(tables, claim.ticket.id), merged);
  applyChange(tables, claim, change);
  return true;
}

function takeIntents(tables: Tables, heir: Ref, from: string, carries: (key: ActionKey) => boolean): void {
  const own = tables.intents.get(heir.id) ?? new Map();
  tables.intents.set(heir.id, own);
  const taken = [...(tables.intents.get(from) ?? [])].filter(([key]) => carries(key) && !own.has(key));
  for (const [key, kept] of taken) {
    own.set(key, { ...kept });
    if (kept.state !== 'done') {
      tables.intents.get(from)?.delete(key);
      for (const letter of tables.letters) {
        if (letter.ticket === from && letter.actionKey === key && letter.state === 'open') {
          letter.ticket = heir.id;
          letter.key = heir.key;
        }
      }
    }
  }
}

export function unlink(tables: Tables, claim: Claim, record: Ref): void {
  demandClaim(tables, claim);
  forgetRelated(tables, claim.ticket, record);
}

function forgetRelated({ memories }: Tables, ticket: Ref, record: Ref): void {
  const memory = memories.get(ticket.id);
  if (memory !== undefined) {
    memory.related = memory.related.filter(({ ref }) => !isSame(ref, record));
  }
}

/** Linked records go along, but for one whose name the heir has given to another record. */
function takeRelated(heir: Memory, merged: Memory | undefined): void {
  const isNew = ({ name }: RelatedRef) => heir.related.every((own) => own.name !== name);
  const taken = (merged?.related ?? []).filter(isNew);
  heir.related = [...heir.related, ...taken];
  if (merged !== undefined) {
    merged.related = merged.related.filter((each) => !taken.includes(each));
  }
}
