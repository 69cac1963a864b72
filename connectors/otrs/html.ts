/**
 * A plain text as HTML that looks the same: OTRS makes one line of all white space and shows markup as such, so every line
 * gets its break, and every space beyond the first keeps its width.
 */
export function toHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/^ | (?= )/gm, '&nbsp;')
    .replaceAll('\t', '&nbsp;&nbsp;&nbsp;&nbsp;')
    .replaceAll(/\r\n|\r|\n/g, '<br/>');
}
