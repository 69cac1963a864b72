import { cutAt, noteOf, storableText, type TextOptions } from './limits.ts';
import { type Segment, segmentsOf } from './logs.ts';
import { ESCAPABLE, JOINER } from './markup.ts';

/** As the renderer has it: signs of emphasis between two of these are none. */
const WORD = '[\\p{L}\\p{Nd}]';

/** An address without characters that could start a macro, a link or an image: the renderer takes it as a whole. */
const LATIN_ADDRESS = 'https?://(?:[A-Za-z0-9\\-._~/?#@&=+;,%]|:(?=\\d))*[A-Za-z0-9/=]';

/** With other letters the renderer may end it at the first of them, so that nothing in it may be markup. */
const OTHER_ADDRESS = `https?://(?:${WORD}|[./=#@%]|&(?!#?[A-Za-z0-9]{1,32};)|[-_?+](?<=${WORD}.)(?=${WORD})|:(?=\\d))*(?:${WORD}|[/=])`;

/**
 * What has to be escaped or broken up in one line of plain text. An address of its own stays a link. Any other is kept
 * from becoming one: the renderer would take a backslash after it for a part of it, and what follows would be alive.
 * A lone `!` is left: an image needs two in one line.
 */
const markup = new RegExp(
  [
    `(?<address>(?<=^|[\\s(«"])(?:${LATIN_ADDRESS}|${OTHER_ADDRESS})(?=[).,;:»"]*(?:\\s|$)))`,
    '(?<scheme>:(?=//)|(?<=(?:mailto|file|news|skype|tel)):(?=\\S))',
    `(?<backslash>\\\\)(?=[\\\\${ESCAPABLE}])`,
    '(?<start>(?<=^\\s*(?:[Hh][1-6]|[Bb][Qq]))\\.)',
    '(?<entity>&(?=#?[A-Za-z0-9]{1,32};))',
    '(?<emoticon>:(?=[()DPp])|;(?=\\)))',
    '\\((?=(?:[yni/x!+\\-?*]|on|off|\\*[rgby]|flag|flagoff)\\))',
    '[{}\\[\\]|^~]',
    `(?<!${WORD})[*_+]|[*_+](?!${WORD})`,
    // A dash between words is left; two in a row would strike out what is between them.
    `-(?!(?<=${WORD}-)${WORD})(?!(?<=[^\\s-]\\s{1,8}-)\\s{1,8}[^\\s-])`,
    '(?<=^\\s*)#',
    '\\?(?=\\?)|(?<=\\?)\\?',
  ].join('|'),
  'gu',
);

/** A segment as it is written: the body of a log stands in a block, which has to be closed wherever it ends. */
interface Piece {
  readonly open: string;
  readonly body: string;
  readonly close: string;
}

const OPEN = '{noformat}\n';
const CLOSE = '\n{noformat}';

/**
 * Untrusted plain text as wiki text that is rendered as exactly that text: no macro, mention, link or image. Logs stand
 * in fixed-width blocks. What is longer than `text_limit` UTF-16 units after escaping is cut, with the note.
 */
export function toWiki(text: string, options: TextOptions): string {
  const limit = options.text_limit;
  const pieces = segmentsOf(
    storableText(text, options)
      .replaceAll(JOINER, '')
      .slice(0, limit + 1),
  ).map(pieceOf);
  const wiki = pieces.map(({ open, body, close }) => open + body + close).join('\n');
  if (wiki.length <= limit) {
    return wiki;
  }

  const end = `\n\n${escapeText(noteOf(options))}`;
  return cutPieces(pieces, limit - end.length) + end;
}

function pieceOf({ kind, text }: Segment): Piece {
  return kind === 'log'
    ? { open: OPEN, body: text.replace(dangerous, `$&${JOINER}`), close: CLOSE }
    : { open: '', body: escapeText(text), close: '' };
}

/** What ends a block, and what JIRA takes for a mention even inside of one, since it notifies by the bare text. */
const dangerous = /\{(?=noformat)|\[(?=~)/gi;

/** As much as there is room for: never half an escape, and never a block without its end. */
function cutPieces(pieces: readonly Piece[], room: number): string {
  let wiki = '';
  for (const [index, { open, body, close }] of pieces.entries()) {
    const before = index === 0 ? open : `\n${open}`;
    const left = room - wiki.length - before.length - close.length;
    if (body.length > left) {
      return left <= 0 ? wiki : wiki + before + cutBody(body, left, close !== '') + close;
    }

    wiki += before + body + close;
  }
  return wiki;
}

function cutBody(body: string, length: number, isVerbatim: boolean): string {
  const cut = cutAt(body, length);
  return isVerbatim ? cut : cut.replace(/\\+$/u, '');
}

function escapeText(text: string): string {
  return text.split('\n').map(escapeLine).join('\n');
}

function escapeLine(line: string): string {
  const written = line.replace(markup, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (groups.address !== undefined) {
      return match;
    }

    if (groups.start !== undefined) {
      return `${JOINER}${match}`;
    }

    const isBrokenUp = (groups.backslash ?? groups.entity ?? groups.emoticon ?? groups.scheme) !== undefined;
    return isBrokenUp ? `${match}${JOINER}` : `\\${match}`;
  });
  const isAlone = line.indexOf('!') === line.lastIndexOf('!');
  return isAlone ? written : written.replaceAll('!', '\\!');
}
