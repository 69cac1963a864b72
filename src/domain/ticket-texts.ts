import { type Reading, readText, type Stem } from './russian.ts';
import type { Snapshot } from './ticket.ts';

export const textSources = ['title', 'text', 'requester_comments'] as const;

export type TextSource = (typeof textSources)[number];

/** Which words of a ticket are read, and how. */
export interface TextOptions {
  readonly sources: readonly TextSource[];
  /** Characters of each text that are read; a log pasted whole decides nothing. */
  readonly readAtMost: number;
  readonly stem: Stem;
}

/** The words of a ticket as they were last read: several families of rules read alike. */
const read = new WeakMap<Snapshot, { readonly options: TextOptions; readonly readings: readonly Reading[] }>();

/** The requester's public words, ready to be searched. */
export function readTicket(ticket: Snapshot, options: TextOptions): readonly Reading[] {
  const known = read.get(ticket);
  if (known !== undefined && isSameWay(known.options, options)) {
    return known.readings;
  }

  const readings = wordsOf(ticket, options);
  read.set(ticket, { options, readings });
  return readings;
}

function isSameWay(left: TextOptions, right: TextOptions): boolean {
  return (
    left.stem === right.stem && left.readAtMost === right.readAtMost && left.sources.join() === right.sources.join()
  );
}

function wordsOf(ticket: Snapshot, { sources, readAtMost, stem }: TextOptions): readonly Reading[] {
  const comments = ticket.comments.filter(
    ({ by, id, visibility, marker }) =>
      by === 'requester' && visibility === 'public' && marker === undefined && id !== ticket.textCommentId,
  );
  const texts: Readonly<Record<TextSource, readonly (readonly [string, string])[]>> = {
    title: [['title', ticket.title]],
    text: [['text', ticket.text]],
    requester_comments: comments.map(({ id, text }) => [`comment ${id}`, text] as const),
  };
  return sources.flatMap((source) =>
    texts[source].map(([where, text]) => readText(where, text.slice(0, readAtMost), stem)),
  );
}
