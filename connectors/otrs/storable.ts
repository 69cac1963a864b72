/**
 * Text that OTRS stores as it is. It ends a text at a NUL without a word, answers half of a surrogate pair with «Error
 * while decoding request content», and fails on a text that its column cannot hold, having deleted the old value.
 * A character that takes two units is never split; the cut shows as an ellipsis.
 */
export function storable(text: string, limit = Number.POSITIVE_INFINITY): string {
  const clean = text.toWellFormed().replaceAll('\u0000', '').replace(/\r\n?/g, '\n').trim();
  if (clean.length <= limit) {
    return clean;
  }

  const characters = [...clean];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : clean;
}
