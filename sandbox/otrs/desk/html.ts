/** The plain text that OTRS keeps of an article in HTML, as far as simple letters go. */
export function toPlainText(html: string): string {
  return html
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/(?:p|div|h\d)>/gi, '\n\n')
    .replaceAll(/<li>/gi, '\n - ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
