/** Output of machines within a letter: it is shown as it is, in a fixed-width block, and nothing in it is markup. */

export interface Segment {
  readonly kind: 'prose' | 'log';
  /** Whole lines; segments joined with `\n` are the text. */
  readonly text: string;
}

/** Fewer lines are quoted in passing, and a block would tear the sentence apart. */
const FEWEST_LOG_LINES = 3;
/** An indented or empty line belongs to a log if a line of a log follows after at most so many of them. */
const LONGEST_GAP = 5;
/** A line shows at its beginning what it is. */
const SHOWN = 400;

const logLines = [
  // A moment with seconds, of which people do without: ISO, Russian, syslog, Apache, time alone.
  /^[[<(]?\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d:\d\d/,
  /^[[<(]?\d{4}-\d\d-\d\dT\d\d:\d\d/,
  /^[[<(]?\d\d[-/.]\d\d[-/.]\d{2,4},? \d\d?:\d\d:\d\d/,
  /^[[<(]?(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d/,
  /^(?:\S{1,60} ){0,3}\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d/,
  /^[[<(]?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?[\])>]?(?:\s|$)/,
  /^\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|SEVERE)\]?(?:\s|:)/,
  // Stack traces of Java, .NET (which speaks Russian, too), JavaScript and Python.
  /^\s+(?:at|в) [\w.$<>`[\]/@-]+(?:\(|\.)/,
  /^\s+at .{0,300}(?:\)|:\d+)\s*$/,
  /^\s*\.\.\. \d+ (?:more|common frames omitted)/,
  /^(?:Caused by: |Exception in thread |Unhandled exception|Необработанное исключение)/,
  /^(?:[A-Za-z_$][\w$]{0,80}\.){0,20}[A-Z][\w$]{0,80}(?:Exception|Error)(?::|$)/,
  /^\s*---? (?:End of|Конец) .{0,100}---?$/,
  /^Traceback \(most recent call last\):/,
  /^\s+File "[^"]{1,300}", line \d+/,
  // Dumps of settings.
  /^\s*[A-Za-z_][\w.-]{0,80} ?=(?: ?[^=\s]|\s*$)/,
  /^\s*[\p{L}_][\p{L}\p{N}_.-]{0,80}=(?:[^=\s]|$)/u,
  // XML and JSON.
  /^\s*<[!?/]?[A-Za-z][\w:.-]{0,80}(?:\s[^<>]{0,300})?[/?]?>/,
  /^\s*"[^"]{1,100}"\s*:\s*(?:["[{\d-]|true|false|null)/,
  /^\s*[[{]\s*"/,
];

/** Brackets of JSON and other lines that mean nothing of their own, inside of a log only. */
const within = /^\s*$|^(?:\t| {2,})\S|^\s*[[\]{}()]{1,3}[,;]?\s*$/;

/** The text in segments of prose and logs, in order. Only blocks of at least three lines of a log count as one. */
export function segmentsOf(text: string): readonly Segment[] {
  const lines = text.split('\n');
  const segments: Segment[] = [];
  const add = (kind: Segment['kind'], from: number, to: number) => {
    if (from < to) {
      segments.push({ kind, text: lines.slice(from, to).join('\n') });
    }
  };
  let done = 0;
  for (let at = 0; at < lines.length; ) {
    const block = isLogLine(lines[at]) ? blockAt(at, lines) : { end: at + 1, count: 0 };
    if (block.count >= FEWEST_LOG_LINES) {
      add('prose', done, at);
      add('log', at, block.end);
      done = block.end;
    }
    at = block.end;
  }
  add('prose', done, lines.length);
  return segments;
}

/** Where the block of a log that begins here ends, and how many of its lines are surely of a log. */
function blockAt(start: number, lines: readonly string[]): { readonly end: number; readonly count: number } {
  let end = start + 1;
  let count = 1;
  for (let at = end; at < lines.length && at - end <= LONGEST_GAP; at++) {
    if (isLogLine(lines[at])) {
      count++;
      end = at + 1;
    } else if (!within.test(lines[at] ?? '')) {
      break;
    }
  }
  return { end: closingEnd(end, lines), count };
}

/** Closing brackets at the end of a dump are a part of it. */
function closingEnd(end: number, lines: readonly string[]): number {
  const rest = lines.slice(end, end + LONGEST_GAP).findIndex((line) => !/^\s*[\]})]{1,3}[,;]?\s*$/.test(line));
  return rest < 0 ? Math.min(lines.length, end + LONGEST_GAP) : end + rest;
}

function isLogLine(line = ''): boolean {
  const shown = line.slice(0, SHOWN);
  return logLines.some((pattern) => pattern.test(shown));
}
