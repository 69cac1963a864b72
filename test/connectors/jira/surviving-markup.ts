/**
 * Finds what JIRA's renderer would bring to life. Written from the renderer's own rule for escapes (a backslash
 * protects one of its punctuation characters unless another backslash stands before it), not from the code under test.
 */
export function survivingMarkup(wiki: string): readonly string[] {
  const visible = wiki.replace(addresses, '\u00B7').replace(/(?<!\\)\\[-#*_+?^~|%{}[\]()!@]/g, '\u00B7');
  return Object.entries(alive).flatMap(([kind, pattern]) => (pattern.test(visible) ? [kind] : []));
}

/** The renderer takes an address first, and with it the backslash of an escape that follows at once. */
const addresses = /(?:(?:https?|ftp|irc):\/\/|mailto:)[\p{L}\p{N}\-_.!~*';/?:@&=+$,#%[\]\\]+/gu;

const alive: Readonly<Record<string, RegExp>> = {
  macro: /\{[a-z]/i,
  monospace: /\{\{/,
  link: /\[/,
  image: /![^!\n]+!/,
  table: /\|/,
  heading: /^\s*h[1-6]\.\s/m,
  quote: /^\s*bq\.\s/m,
  list: /^\s*[*#-]+\s/m,
  rule: /^\s*-{4,}/m,
  bold: /(?<![\p{L}\p{N}])\*\S[^\n]*\*(?![\p{L}\p{N}])/u,
  italic: /(?<![\p{L}\p{N}])_\S[^\n]*_(?![\p{L}\p{N}])/u,
  inserted: /(?<![\p{L}\p{N}])\+\S[^\n]*\+(?![\p{L}\p{N}])/u,
  citation: /\?\?[^\n]+\?\?/,
  superscript: /\^[^\n]+\^/,
  subscript: /~[^\n]+~/,
  break: /\\\\/,
  emoticon: /:[()DPp]|;\)|\((?:[yni/x!+\-?*]|on|off|\*[rgby]|flag|flagoff)\)/,
};
