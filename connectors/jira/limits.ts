/** What JIRA accepts as text: legal characters, one-line summaries, labels without spaces, bounded length. */

/** Older versions demand *less than* 255. */
const LONGEST_SUMMARY = 254;
const LONGEST_LABEL = 255;
const CUT_NOTE = '\n\n… (текст сокращён, полностью он есть в исходной заявке)';

/** Control characters, non-characters and half surrogate pairs: illegal in XML, they break JIRA's backups and feeds. */
const illegal =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Everything that Java takes for the end of a line, so that a list or heading cannot begin behind our back. */
const lineEnd = /\r\n?|[\u0085\u2028\u2029]/g;

/** The text with line ends as `\n` and without characters that JIRA cannot keep. */
export function legalText(text: string): string {
  return text.replace(lineEnd, '\n').replace(illegal, '');
}

/** One line of at most 254 UTF-16 units that ends at a whole character. */
export function summaryOf(title: string): string {
  const line = legalText(title).replace(/\s+/gu, ' ').trim();
  return line === '' ? '(без темы)' : cutAt(line, LONGEST_SUMMARY).trimEnd();
}

export function labelOf(text: string): string {
  return cutAt(legalText(text).trim().replace(/\s+/gu, '_'), LONGEST_LABEL);
}

/** Text of at most `limit` UTF-16 units. What is too long ends with a note, never inside an escape or a character. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${cutAt(text, limit - CUT_NOTE.length).replace(/\\+$/u, '')}${CUT_NOTE}`;
}

function cutAt(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
