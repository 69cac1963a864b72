import { cutAt, noteOf, storableText, type TextOptions } from '../text/limits.ts';
import { type Segment, segmentsOf } from '../text/logs.ts';

export interface AdfText {
  readonly type: 'text';
  readonly text: string;
}

export type AdfBlock =
  | { readonly type: 'paragraph'; readonly content: readonly (AdfText | { readonly type: 'hardBreak' })[] }
  | { readonly type: 'codeBlock'; readonly content: readonly AdfText[] };

/** Atlassian's document format, as far as the bridge writes it. */
export interface AdfDocument {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfBlock[];
}

/**
 * Untrusted plain text as a document of text nodes: there is nothing to escape, since nothing in a text node is markup.
 * An empty line separates paragraphs; logs become code blocks. Text of more than `text_limit` UTF-16 units is cut.
 */
export function toAdf(text: string, options: TextOptions): AdfDocument {
  const storable = storableText(text, options);
  if (storable.length <= options.text_limit) {
    return { type: 'doc', version: 1, content: segmentsOf(storable).flatMap(blocksOf) };
  }

  const note: Segment = { kind: 'prose', text: noteOf(options) };
  const shown = cutAt(storable, options.text_limit - note.text.length);
  return { type: 'doc', version: 1, content: [...segmentsOf(shown), note].flatMap(blocksOf) };
}

function blocksOf({ kind, text }: Segment): readonly AdfBlock[] {
  if (kind === 'log') {
    return [{ type: 'codeBlock', content: [{ type: 'text', text }] }];
  }

  const words = withoutEmptyEnds(text);
  return words === ''
    ? []
    : words.split('\n\n').map((paragraph) => ({ type: 'paragraph', content: linesOf(paragraph) }));
}

function withoutEmptyEnds(text: string): string {
  const lines = text.split('\n');
  const isFilled = (line: string) => line !== '';
  return lines.slice(Math.max(0, lines.findIndex(isFilled)), lines.findLastIndex(isFilled) + 1).join('\n');
}

function linesOf(paragraph: string) {
  return paragraph
    .split('\n')
    .flatMap((line, index) => [
      ...(index === 0 ? [] : [{ type: 'hardBreak' } as const]),
      ...(line === '' ? [] : [{ type: 'text', text: line } as const]),
    ]);
}
