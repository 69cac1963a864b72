import type { DateTime } from 'luxon';
import type { Ref } from '../../../src/domain/ticket.ts';
import { detailsText } from '../../../src/store/details.ts';
import { momentOf, refOf } from '../../../src/store/rows.ts';
import type { AuditEntry, Claim, NewSnapshot, SnapshotPage, StoredSnapshot } from '../../../src/store/store.ts';
import { demandClaim, type Tables } from './tables.ts';

export function audit(tables: Tables, { at, detail, ...entry }: AuditEntry): void {
  tables.audit.push({ ...entry, at: at.toMillis(), detail: detailsText(detail) });
}

export function auditTrail(tables: Tables, ticket: Ref): readonly AuditEntry[] {
  return tables.audit
    .filter((entry) => entry.ticket?.id === ticket.id)
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, detail, ...entry }) => ({ ...entry, at: momentOf(at), detail: JSON.parse(detail) }));
}

export function keepSnapshot(tables: Tables, claim: Claim, { at, isDone, rules, facts }: NewSnapshot): boolean {
  const { id, key } = claim.ticket;
  const kept = tables.snapshots.get(id);
  if (kept !== undefined && kept.facts === facts && kept.rules === rules && kept.isDone === isDone) {
    return false;
  }

  demandClaim(tables, claim);
  tables.snapshots.set(id, { key, at: at.toMillis(), isDone, rules, facts });
  return true;
}

export function snapshots({ snapshots: kept }: Tables, home: string, { after = '', limit }: SnapshotPage) {
  const ids = [...kept.keys()].filter((id) => id > after).toSorted((one, other) => (one < other ? -1 : 1));
  return ids
    .flatMap((id): StoredSnapshot[] => {
      const { facts, rules, at, key } = kept.get(id) ?? {};
      return facts === undefined || rules === undefined || at === undefined
        ? []
        : [{ ticket: refOf(home, id, key ?? null), at: momentOf(at), rules, facts }];
    })
    .slice(0, limit);
}

export function seenLately({ snapshots: kept }: Tables, home: string, besides: Ref, limit: number): readonly Ref[] {
  return [...kept]
    .filter(([id]) => id !== besides.id)
    .toSorted(([left, one], [right, other]) => other.at - one.at || (left < right ? -1 : 1))
    .slice(0, limit)
    .map(([id, { key }]) => refOf(home, id, key ?? null));
}

/** See the contract. */
export function beginSweep({ sweeps }: Tables, name: string, everyMs: number, now: DateTime) {
  const moment = now.toMillis();
  const sweep = sweeps.get(name);
  if (sweep !== undefined && sweep.begunAt > moment - everyMs && sweep.begunAt <= moment + everyMs) {
    return undefined;
  }

  sweeps.set(name, { begunAt: moment, since: sweep?.since });
  return { since: sweep?.since === undefined ? undefined : momentOf(sweep.since) };
}

/** See the contract. */
export function leaveSweep({ sweeps }: Tables, name: string, begunAt: DateTime): void {
  const sweep = sweeps.get(name);
  if (sweep?.begunAt === begunAt.toMillis()) {
    sweeps.set(name, { ...sweep, begunAt: 0 });
  }
}

/** See the contract. Only who knows the present mark may move it back. */
export function moveSweepMark({ sweeps }: Tables, name: string, from: DateTime | undefined, to: DateTime): void {
  const moment = to.toMillis();
  const { begunAt, since } = sweeps.get(name) ?? { begunAt: moment, since: undefined };
  if (since === undefined || since < moment || since === from?.toMillis()) {
    sweeps.set(name, { begunAt, since: moment });
  }
}
