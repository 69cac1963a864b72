import type { CompletenessRule, TextReading } from './completeness.ts';
import { beginsWith } from './condition.ts';
import type { Evidence } from './criterion.ts';
import { ownWords } from './own-words.ts';
import { type Reading, readText } from './russian.ts';
import { findSections, type Section } from './sections.ts';
import type { Snapshot } from './ticket.ts';

/** One text of a ticket that may hold what is asked for. */
export interface SourceText {
  /** `title`, `text` or `article 17`. */
  readonly where: string;
  /** As it was written, as far as it is read. */
  readonly text: string;
  /** Its writer's own words; offsets are those of the text. */
  readonly reading: Reading;
  readonly sections: readonly Section[];
  /** What was found before, by what was looked for. */
  readonly found: Map<object, Evidence | undefined>;
}

/** Reads a text by the labels of a rule. */
export type TextReader = (where: string, text: string, rule: CompletenessRule) => SourceText;

/** Texts that a reader remembers: those of the ticket in hand, for a ticket is assessed several times in a row. */
const REMEMBERED = 64;

const readers = new WeakMap<TextReading, TextReader>();

/** The reader of a way to read. It remembers: the same text is read once. */
export function readerOf(reading: TextReading): TextReader {
  const known = readers.get(reading) ?? createReader(reading);
  readers.set(reading, known);
  return known;
}

function createReader({ atMost, stem, letterLines }: TextReading): TextReader {
  const known = new Map<
    string,
    { readonly rule: CompletenessRule; readonly whole: string; readonly source: SourceText }
  >();
  return (where, whole, rule) => {
    const before = known.get(where);
    if (before !== undefined && before.rule === rule && before.whole === whole) {
      return before.source;
    }

    const text = whole.slice(0, atMost);
    const reading = readText(where, ownWords(text, letterLines), stem);
    const source = { where, text, reading, sections: findSections(reading, rule.labels), found: new Map() };
    const [oldest] = known.size < REMEMBERED ? [] : known.keys();
    if (oldest !== undefined) {
      known.delete(oldest);
    }
    known.set(where, { rule, whole, source });
    return source;
  };
}

/**
 * The texts that count: the title, the first text, what the requester wrote in public, and notes of telephone calls with
 * him. Nothing that the bridge or a machine wrote does.
 */
export function sourcesOf(
  ticket: Snapshot,
  rule: CompletenessRule,
  callNotes: readonly string[],
  read: TextReader,
): readonly SourceText[] {
  const comments = ticket.comments.filter(
    (comment) => isSource(comment, callNotes) && comment.id !== ticket.textCommentId,
  );
  return [
    read('title', ticket.title, rule),
    read('text', ticket.text, rule),
    ...comments.map(({ id, text }) => read(`article ${id}`, text, rule)),
  ];
}

/** Whether the comment may hold what is asked for. */
export function isSource(
  { by, visibility, marker, subject = '' }: Snapshot['comments'][number],
  callNotes: readonly string[],
): boolean {
  if (marker !== undefined || by === 'system') {
    return false;
  }

  return by === 'requester' ? visibility === 'public' : visibility === 'internal' && beginsWith(subject, callNotes);
}
