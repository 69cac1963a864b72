/** What writing and reading wiki text have in common. */

/**
 * The renderer takes a backslash for an escape before exactly these characters, and only if no other backslash stands
 * before it. Two backslashes are a line break, any other backslash is itself.
 */
export const ESCAPABLE = '\\-#*_+?^~|%{}\\[\\]()!@';

/** U+2060: invisible and without width; keeps two characters apart that would be markup together. */
export const JOINER = '\u2060';
