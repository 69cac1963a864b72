import { foldWord } from './russian.ts';

const TAG = /<\/?(?:br|p|div|li|ul|ol|tr|td|table|span|b|i|u|em|strong|font|pre|h[1-6])(?=[\s/>])[^<>]{0,500}>/gi;
const LINE_TAG = /^<\/?(?:br|p|div|li|tr|h[1-6])\b/i;
const ENTITY = /&(?:nbsp|quot|amp|lt|gt|laquo|raquo|mdash|ndash);/gi;

/** An earlier letter as mail programs put it below the answer: a ruled line or the address lines of its head. */
const EARLIER_LETTER =
  /^\s*(?:-{3,}\s*(?:исходное сообщение|original message)|_{20,}\s*$|(?:от|from|от кого):.*@|(?:отправлено|sent):.*\d{1,2}[.:]\d\d)/i;
/** The words of the sender about himself. */
const SIGNATURE =
  /^\s*(?:-- ?$|с уважением(?!\p{L})|с ув\.|best regards(?!\p{L})|kind regards(?!\p{L})|отправлено с |sent from )/iu;
const QUOTED = /^\s*(?:>|\|\s)/;
const ANNOUNCES_QUOTE = /(?:пишет|писал|писала|написал|написала|wrote):\s*$/i;
const NONE: ReadonlySet<string> = new Set();

/**
 * The text with everything blanked out that is not its writer's own: quoted lines, an earlier letter below, the signature,
 * left-over markup, and lines of the bridge's own letter where a mail program quotes them without a mark. Of the same length
 * as the text, so offsets stay those of the text.
 */
export function ownWords(text: string, letterLines: ReadonlySet<string> = NONE): string {
  const plain = text
    .replaceAll(TAG, (tag) => (LINE_TAG.test(tag) ? `\n${' '.repeat(tag.length - 1)}` : ' '.repeat(tag.length)))
    .replaceAll(ENTITY, (entity) => ' '.repeat(entity.length));
  const lines = plain.split('\n');
  const kept: string[] = [];
  let isOver: boolean = false;
  let hasWords: boolean = false;
  for (const [index, line] of lines.entries()) {
    const start = line.slice(0, 200);
    // Above a forwarded letter there may be no words at all: then it is what its sender wants to say.
    isOver ||= hasWords && (EARLIER_LETTER.test(start) || SIGNATURE.test(start));
    const isForeign: boolean =
      isOver || QUOTED.test(start) || letterLines.has(comparableLine(start)) || announcesQuote(line, lines[index + 1]);
    hasWords ||= !isForeign && /\p{L}/u.test(line);
    kept.push(isForeign ? ' '.repeat(line.length) : line);
  }
  return kept.join('\n');
}

/** A line as `letterLines` has it. */
export function comparableLine(line: string): string {
  return foldWord(line.trim());
}

function announcesQuote(line: string, next = ''): boolean {
  return QUOTED.test(next.slice(0, 200)) && ANNOUNCES_QUOTE.test(line.slice(-80));
}
