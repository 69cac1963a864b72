/** The plain text that OTRS keeps of an article in HTML, as far as simple letters go. */
export function toPlainText(html: string): string {
  return html
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/^\s*/gm, '')
    .replaceAll('\n', ' ')
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/div>/gi, '\n')
    .replaceAll(/<\/?(?:p|table)(?:\s[^>]*)?>|<(?:tr|th|hr)(?:\s[^>]*)?>|<\/(?:ul|ol)>/gi, '\n\n')
    .replaceAll(/<li>/gi, '\n - ')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/^\s*\n\s*\n/gm, '\n');
}
