import { legalText } from './limits.ts';
import { ESCAPABLE, JOINER } from './markup.ts';

/** Wiki text as plain text that a person reads: markup is taken away, words, addresses and file names stay. */
export function toPlain(wiki: string): string {
  const { keep, restore } = createKeeper();
  const visible = keepVerbatim(legalText(wiki), keep);
  const inline = withoutPhrases(withoutBlocks(withoutLinks(visible, keep)), keep);
  return restore(inline).replaceAll(JOINER, '');
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

/** An address without characters that could end a link or begin a macro. */
const address = /https?:\/\/(?:[\p{L}\p{Nd}\-._~/?#@&=+;,%]|:(?=\d))*[\p{L}\p{Nd}/=]/gu;

const image = /(?<![\p{L}\p{N}!])!([^!\n]{1,500})!(?![\p{L}\p{N}!])/gu;
const imageName = /^(?:https?:\/\/[^\s|]+|[^\s|][^|]*\.[^\s|]+)$/;

function withoutLinks(text: string, keep: Keep): string {
  return text
    .replace(image, (whole, content: string) => {
      const [name = ''] = content.split('|', 1);
      return imageName.test(name) ? keep(name) : whole;
    })
    .replace(/\[~([^[\]\n|]+)\]/g, (_, user: string) => keep(`@${user.replace(/^accountid:/, '')}`))
    .replace(/\[\^([^[\]\n|]+)\]/g, (_, file: string) => keep(file))
    .replace(/\[([^[\]\n|]*)\|([^[\]\n|]+)(?:\|[^[\]\n]*)?\]/g, (_, title: string, target: string) =>
      shownLink(title, target, keep),
    )
    .replace(/\[((?:https?|ftp|file|mailto):[^[\]\s|]+)\]/g, (_, target: string) => shownLink('', target, keep))
    .replace(address, keep);
}

function shownLink(title: string, target: string, keep: Keep): string {
  const shown = target.replace(/^~/, '@').replace(/^mailto:/, '');
  return title.trim() === '' || title === target || title === shown ? keep(shown) : `${title} (${keep(shown)})`;
}

function withoutBlocks(text: string): string {
  return withoutLists(
    text
      .replace(/\{panel:[^{}\n]{0,200}?\btitle=([^|{}\n]{1,200})[^{}\n]{0,200}\}\n?/g, '$1\n')
      .replace(/\{(?:panel|color|anchor|toc)(?::[^{}\n]{0,500})?\}/g, '')
      .replace(/\{quote\}\n?([\s\S]*?)\n?\{quote\}/g, (_, content: string) => content.replace(/^/gm, '> '))
      .replace(/^[^\S\n]*h[1-6]\.[^\S\n]+/gm, '')
      .replace(/^[^\S\n]*bq\.[^\S\n]+/gm, '> ')
      .replace(/^[^\S\n]*\|.*\|[^\S\n]*$/gm, (row) =>
        row
          .split('|')
          .map((cell) => cell.trim())
          .filter((cell) => cell !== '')
          .join(' | '),
      ),
  );
}

/** Levels that are shown by indentation; more marks than these are no list. */
const DEEPEST = 20;
const item = new RegExp(`^[^\\S\\n]*([*#-]{1,${DEEPEST}})[^\\S\\n]+(?=\\S)`);

/** Lists with dashes and numbers, indented. An empty line ends a list, and with it the numbers. */
function withoutLists(text: string): string {
  let last = '';
  let numbers: readonly number[] = [];
  return text
    .split('\n')
    .map((line) => {
      const [whole, kinds] = item.exec(line) ?? [];
      if (whole === undefined || kinds === undefined) {
        last = line.trim() === '' ? '' : last;
        return line;
      }

      const depth = kinds.length - 1;
      const before = numbers;
      const isSame = (level: number) => last.startsWith(kinds.slice(0, level + 1));
      numbers = Array.from(kinds, (_, level) => (isSame(level) ? (before[level] ?? 0) : 0) + (level === depth ? 1 : 0));
      last = kinds;
      const mark = kinds.endsWith('#') ? `${numbers[depth]}.` : '-';
      return `${'  '.repeat(depth)}${mark} ${line.slice(whole.length)}`;
    })
    .join('\n');
}

const phrases = ['\\*', '_', '-', '\\+', '\\^', '~', '\\?\\?'].map(
  (mark) =>
    new RegExp(`(?<![\\p{L}\\p{N}\\\\])${mark}(?=\\S)((?:(?!${mark})[^\\n])+)(?<=\\S)${mark}(?![\\p{L}\\p{N}])`, 'gu'),
);

/** JIRA's signs that every font has; others read well enough as they are typed. */
const signs: ReadonlyMap<string, string> = new Map([
  ['(/)', '✓'],
  ['(x)', '✗'],
  ['(!)', '⚠'],
  ['(i)', 'ℹ'],
  ['(*)', '★'],
]);

function withoutPhrases(text: string, keep: Keep): string {
  const bare = text
    .replace(/(?<![\p{L}\p{N}])\([/x!i*]\)(?![\p{L}\p{N}])/gu, (sign) => keep(signs.get(sign) ?? sign))
    .replace(/\{(?:[*_+^~-]|\?\?)\}/g, '')
    .replace(/\{\{([^{}\n]+)\}\}/g, '$1')
    .replaceAll('&nbsp;', ' ');
  return phrases.reduce((plain, phrase) => plain.replace(phrase, '$1'), bare);
}
