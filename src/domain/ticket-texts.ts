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

/** The requester's public words, ready to be searched. */
export function readTicket(ticket: Snapshot, { sources, readAtMost, stem }: TextOptions): readonly Reading[] {
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
