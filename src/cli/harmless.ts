import type { Streams } from './commands.ts';

/** What a terminal obeys instead of showing it, and what turns the direction of everything behind it. */
const COMMANDS = /[^\P{Cc}\n\t\r]|\r(?!\n)|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Streams on which control characters are shown instead of taking effect: titles, comments and answers are written by strangers,
 * and a terminal would let them hide a line, or write one. The escapes are those of JSON, so JSON stays the same JSON.
 */
export function harmless(streams: Streams): Streams {
  return {
    ...streams,
    out: (text) => streams.out(shown(text)),
    error: (text) => streams.error(shown(text)),
  };
}

function shown(text: string): string {
  return text.replace(COMMANDS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
