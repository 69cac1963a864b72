/** Characters that XML cannot hold, or that OTRS leaves out of the texts that it writes into XML. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;

/** Text that every transport carries. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replaceAll(CONTROLS, '');
}

/**
 * Text that OTRS stores as it is. It ends a text at a NUL without a word, answers half of a surrogate pair with «Error
 * while decoding request content», and fails on a text that its column cannot hold, having deleted the old value.
 * A character that takes two units is never split; the cut shows as an ellipsis.
 */
export function storable(text: string, limit = Number.POSITIVE_INFINITY): string {
  const clean = withoutControls(text).replace(/\r\n?/g, '\n').trim();
  if (clean.length <= limit) {
    return clean;
  }

  const characters = [...clean];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : clean;
}
