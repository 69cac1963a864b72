import { cutText, legalText } from './limits.ts';

/**
 * The renderer takes a backslash for an escape before exactly these characters, and only if no other backslash stands
 * before it. Two backslashes are a line break, any other backslash is itself.
 */
const ESCAPABLE = '\\-#*_+?^~|%{}\\[\\]()!@';

/** U+2060: invisible and without width; keeps two characters apart that would be markup together. */
const JOINER = '\u2060';

/** An address without characters that could start a macro, a link or an image. */
const ADDRESS = 'https?://(?:[\\p{L}\\p{N}\\-._~/?#@&=+;,%]|:(?=\\d))*[\\p{L}\\p{N}/=]';

const WORD = '[\\p{L}\\p{N}]';

/**
 * What has to be escaped or broken up in one line of plain text. An address of its own stays a link. Any other is kept
 * from becoming one: the renderer would take a backslash after it for a part of it, and what follows would be alive.
 * A lone `!` is left: an image needs two in one line.
 */
const markup = new RegExp(
  [
    `(?<address>(?<=^|[\\s(«"])${ADDRESS}(?=[).,;:»"]*(?:\\s|$)))`,
    '(?<scheme>:(?=//)|(?<=(?:mailto|file|news|skype|tel)):(?=\\S))',
    `(?<backslash>\\\\)(?=[\\\\${ESCAPABLE}])`,
    '(?<start>(?<=^\\s*(?:h[1-6]|bq))\\.)',
    '(?<emoticon>:(?=[()DPp])|;(?=\\)))',
    '\\((?=(?:[yni/x!+\\-?*]|on|off|\\*[rgby]|flag|flagoff)\\))',
    '[{}\\[\\]|^~]',
    `(?<!${WORD})[*_+]|[*_+](?!${WORD})`,
    `-(?!(?<=${WORD}-)${WORD})(?!(?<=\\S\\s+-)\\s)`,
    '(?<=^\\s*)#',
    '\\?(?=\\?)|(?<=\\?)\\?',
  ].join('|'),
  'gu',
);

/**
 * Untrusted plain text as wiki text that is rendered as exactly that text: no macro, mention, link or image. What is
 * longer than `limit` UTF-16 units after escaping is cut, with a note.
 */
export function toWiki(text: string, limit: number): string {
  const legal = legalText(text).replaceAll(JOINER, '');
  const wiki = legal
    .slice(0, limit + 1)
    .split('\n')
    .map(escapeLine)
    .join('\n');
  return cutText(wiki, limit);
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

    const isBrokenUp = (groups.backslash ?? groups.emoticon ?? groups.scheme) !== undefined;
    return isBrokenUp ? `${match}${JOINER}` : `\\${match}`;
  });
  const isAlone = line.indexOf('!') === line.lastIndexOf('!');
  return isAlone ? written : written.replaceAll('!', '\\!');
}

/** Wiki text as plain text that a person reads: markup is taken away, words, addresses and file names stay. */
export function toPlain(wiki: string): string {
  const { keep, restore } = createKeeper();
  const visible = keepVerbatim(legalText(wiki), keep);
  const inline = withoutPhrases(withoutBlocks(withoutLinks(visible, keep)));
  return restore(inline.replaceAll(JOINER, ''));
}

type Keep = (text: string) => string;

/** Takes pieces out of the reach of later replacements. Control characters can mark them: legal text has none. */
function createKeeper(): { readonly keep: Keep; restore(text: string): string } {
  const kept: string[] = [];
  const restore = (text: string): string =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these marks are set by `keep`.
    text.replace(/\u0001(\d+)\u0002/g, (_, index) => restore(kept[Number(index)] ?? ''));
  return { keep: (text) => `\u0001${kept.push(text) - 1}\u0002`, restore };
}

/** Opens a verbatim block. Lengths are bounded here and below: people write these texts, and one must not stop all. */
const verbatim = /(?<!\\)\{(code|noformat)(?::[^}\n]{0,200})?\}\n?/g;
const escaped = new RegExp(`(?<!\\\\)\\\\([${ESCAPABLE}])`, 'g');

function keepVerbatim(text: string, keep: Keep): string {
  return keepBlocks(text, keep)
    .replace(escaped, (_, character: string) => keep(character))
    .replace(/\\\\(?:[^\S\n]*\n)?/g, '\n');
}

/** Replaces verbatim blocks from front to back. A search that found no end is not made again, so the time is linear. */
function keepBlocks(text: string, keep: Keep): string {
  const endless = new Set<string>();
  let plain = '';
  let from = 0;
  for (const opening of text.matchAll(verbatim)) {
    const end = `{${opening[1]}}`;
    const start = opening.index + opening[0].length;
    const at = opening.index < from || endless.has(end) ? -1 : text.indexOf(end, start);
    if (at < 0) {
      if (opening.index >= from) {
        endless.add(end);
      }
      continue;
    }

    plain += text.slice(from, opening.index) + keep(text.slice(start, at).replace(/\n$/, ''));
    from = at + end.length;
  }
  return plain + text.slice(from);
}

const image = /(?<![\p{L}\p{N}!])!([^!\n]{1,500})!(?![\p{L}\p{N}!])/gu;
const imageName = /^(?:https?:\/\/[^\s|]+|[^\s|][^|]*\.[^\s|]+)$/;

function withoutLinks(text: string, keep: Keep): string {
  return text
    .replace(image, (whole, content: string) => {
      const [name = ''] = content.split('|', 1);
      return imageName.test(name) ? keep(name) : whole;
    })
    .replace(/\[~([^[\]\n|]+)\]/g, (_, user: string) => keep(`@${user}`))
    .replace(/\[\^([^[\]\n|]+)\]/g, (_, file: string) => keep(file))
    .replace(/\[([^[\]\n|]*)\|([^[\]\n|]+)(?:\|[^[\]\n]*)?\]/g, (_, title: string, target: string) =>
      title.trim() === '' || title === target ? keep(target) : `${title} (${keep(target.replace(/^~/, '@'))})`,
    )
    .replace(/\[((?:https?|ftp|file|mailto):[^[\]\s|]+)\]/g, (_, target: string) => keep(target))
    .replace(new RegExp(ADDRESS, 'gu'), keep);
}

function withoutBlocks(text: string): string {
  return text
    .replace(/\{panel:[^{}\n]{0,200}?\btitle=([^|{}\n]{1,200})[^{}\n]{0,200}\}/g, '$1\n')
    .replace(/\{(?:panel|color|anchor|toc)(?::[^{}\n]{0,500})?\}/g, '')
    .replace(/\{quote\}\n?([\s\S]*?)\n?\{quote\}/g, (_, content: string) => content.replace(/^/gm, '> '))
    .replace(/^[^\S\n]*h[1-6]\.[^\S\n]+/gm, '')
    .replace(/^[^\S\n]*bq\.[^\S\n]+/gm, '> ')
    .replace(/^[^\S\n]*([*#-]+)[^\S\n]+(?=\S)/gm, (_, marks: string) => `${'  '.repeat(marks.length - 1)}- `)
    .replace(/^[^\S\n]*\|.*\|[^\S\n]*$/gm, (row) =>
      row
        .split('|')
        .map((cell) => cell.trim())
        .filter((cell) => cell !== '')
        .join(' | '),
    );
}

const phrases = ['\\*', '_', '-', '\\+', '\\^', '~', '\\?\\?'].map(
  (mark) =>
    new RegExp(`(?<![\\p{L}\\p{N}\\\\])${mark}(?=\\S)((?:(?!${mark})[^\\n])+)(?<=\\S)${mark}(?![\\p{L}\\p{N}])`, 'gu'),
);

function withoutPhrases(text: string): string {
  return phrases.reduce((plain, phrase) => plain.replace(phrase, '$1'), text.replace(/\{\{([^{}\n]+)\}\}/g, '$1'));
}
