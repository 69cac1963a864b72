import { finished } from 'node:stream/promises';
import type { Action, ActionKey, FileSource } from '../domain/action.ts';
import type { Facts } from '../domain/facts.ts';
import { type Attachment, isSameRecord, type Ref, type Snapshot } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Allowance } from '../files/allowance.ts';
import { openSpool, type Spool } from '../files/spool.ts';
import { type Desks, deskOf } from './gather.ts';

type Attach = Extract<Action, { do: 'attach' }>;
export type FromRecord = Extract<FileSource, { from: Ref }>;

export interface LuggageContext {
  readonly desks: Desks;
  /** Where files wait on their way; absent: the folder of the operating system for temporary files. */
  readonly folder?: string | undefined;
  readonly ahead: Allowance;
  readonly signal: AbortSignal;
}

/**
 * The files of one look between fetching and attaching. A help desk gives the contents of a ticket's files together, so
 * what comes with one file and is wanted next waits here for its turn: otherwise each file would cost all of them.
 */
export interface Luggage extends AsyncDisposable {
  /** The whole file on the disk; who takes it closes it. `later` are actions that may come after this one. */
  take(action: Attach, source: FromRecord, later: readonly Action[], facts: Facts): Promise<Spool>;
}

export function packLuggage({ desks, folder, ahead, signal }: LuggageContext): Luggage {
  /** Whole files that came early, with what they took of the allowance. */
  const packed = new Map<ActionKey, { readonly spool: Spool; readonly size: number }>();

  const fetch = async (spool: Spool, { from, attachment }: FromRecord, later: readonly Action[], facts: Facts) => {
    const of = recordOf(from, facts);
    const early = new Map<ActionKey, { spool?: Spool; readonly size: number }>();
    const next = later.flatMap((each) => {
      const file = sourceIn(each, from);
      const size = file?.size ?? 0;
      if (file === undefined || packed.has(each.key) || early.has(each.key) || !ahead.take(size)) {
        return [];
      }

      const slot: { spool?: Spool; readonly size: number } = { size };
      early.set(each.key, slot);
      const open = async () => {
        slot.spool = await openSpool(size, folder);
        return slot.spool.into;
      };
      return [{ attachment: file, open }];
    });
    try {
      const nearby = of === undefined ? undefined : { of, next };
      await deskOf(desks, from.system).fetch(from, attachment, spool.into, signal, nearby);
      await finished(spool.into, { signal });
    } finally {
      for (const [key, { spool: other, size }] of early) {
        if (other?.into.writableFinished === true && other.size() === size) {
          packed.set(key, { spool: other, size });
        } else {
          await other?.close();
          ahead.giveBack(size);
        }
      }
    }
  };

  return {
    take: async (action, source, later, facts) => {
      const early = packed.get(action.key);
      if (early !== undefined) {
        packed.delete(action.key);
        ahead.giveBack(early.size);
        return early.spool;
      }

      const spool = await openSpool(source.attachment.size, folder);
      try {
        const others = later.filter(({ key }) => key !== action.key);
        await fetch(spool, source, others, facts);
        proveWhole(spool, source);
        return spool;
      } catch (thrown) {
        await spool.close();
        throw thrown;
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const { spool, size } of packed.values()) {
        await spool.close();
        ahead.giveBack(size);
      }
      packed.clear();
    },
  };
}

function sourceIn(action: Action, from: Ref): Attachment | undefined {
  return action.do === 'attach' && 'from' in action.source && isSameRecord(action.source.from, from)
    ? action.source.attachment
    : undefined;
}

function recordOf(ref: Ref, { ticket, issue, related = [] }: Facts): Snapshot | undefined {
  const records = [ticket, issue, ...related.map(({ record }) => record)];
  return records.find((record) => record !== undefined && isSameRecord(record.ref, ref));
}

function proveWhole(spool: Spool, { from, attachment }: FromRecord): void {
  if (spool.size() !== attachment.size) {
    throw new BridgeError(
      'ANSWER_UNREADABLE',
      `«${attachment.name}» has ${attachment.size} bytes according to ${from.system}, and ${spool.size()} came`,
    );
  }
}
