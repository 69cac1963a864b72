import type { NewComment, Written } from '../../src/connector.ts';
import type { RecordChange } from '../../src/domain/action.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError, toBridgeError } from '../../src/errors.ts';
import { toWords } from './article.ts';
import { toWire, type WireChange } from './fields.ts';
import { type MoveParts, proveFields, toMove } from './move.ts';
import type { OtrsOptions } from './options.ts';

/**
 * Writes an article, and state and fields with it in the same call. OTRS checks everything before it writes anything; then it
 * writes the ticket's attributes and state, the article, and last the dynamic fields, the article's mark first.
 */
export async function commentTicket(
  parts: MoveParts & { readonly system: string },
  ref: Ref,
  { along, ...comment }: NewComment,
  key: string,
  signal: AbortSignal,
): Promise<Written> {
  const { options, tickets, system } = parts;
  const article = toWords(comment, key, options);
  const change = along === undefined ? {} : toChange(along, options);
  const purpose = `write an article into ticket ${nameOf(ref)}${along?.do === 'move' ? ` and move it to «${along.to}»` : ''}`;
  const DynamicField = [...article.DynamicField, ...(change.DynamicField ?? [])];
  const { ArticleID } = await tickets.update(ref, purpose, { ...change, ...article, DynamicField }, signal);
  if (ArticleID === undefined) {
    throw new BridgeError('ANSWER_UNREADABLE', `OTRS did not name the article written into ${nameOf(ref)}`, {
      disposition: 'in-doubt',
    });
  }

  if (along?.do === 'move' && along.phase === 'done') {
    await proveFields(parts, ref, purpose, change, signal).catch(leaveInDoubt);
  }
  return { ref: { system, id: ArticleID } };
}

function toChange(along: RecordChange, options: OtrsOptions): WireChange {
  return along.do === 'move' ? toMove(along.to, along.fields, options) : toWire(along.fields, options);
}

/** The article is there whatever became of the rest: it must be looked up, never written again. */
function leaveInDoubt(thrown: unknown): never {
  const { code, message, details } = toBridgeError(thrown);
  throw new BridgeError(code, message, { cause: thrown, details, disposition: 'in-doubt' });
}
