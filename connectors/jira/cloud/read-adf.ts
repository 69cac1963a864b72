import { DateTime } from 'luxon';
import { legalText } from '../text/limits.ts';

/** Deeper nesting is nobody's writing; what lies deeper is left out, with a sign. */
const DEEPEST = 60;
/** Levels that are shown by indentation: the result must not grow with the square of a hostile text. */
const DEEPEST_SHOWN = 6;

interface Node {
  readonly type: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly content: readonly unknown[];
  readonly text: string;
  /** Target of the link that a text node is, or is part of. */
  readonly target: string;
}

/** Where a node stands: how deep in the document, and in how many lists and quotations. */
interface Place {
  readonly depth: number;
  readonly level: number;
}

/** A document, or whatever stands in its place, as plain text that a person reads. Never throws. */
export function fromAdf(document: unknown): string {
  if (typeof document === 'string') {
    return legalText(document);
  }

  const root = nodeOf(document);
  return root === undefined ? '' : legalText(flow(root.content, { depth: 0, level: 0 }, '\n\n'));
}

function nodeOf(value: unknown): Node | undefined {
  if (!isRecord(value)) {
    return undefined;
  }

  const { type, attrs, content, text, marks } = value;
  return {
    type: typeof type === 'string' ? type : '',
    attrs: isRecord(attrs) ? attrs : {},
    content: Array.isArray(content) ? content : [],
    text: typeof text === 'string' ? text : '',
    target: Array.isArray(marks) ? targetOf(marks) : '',
  };
}

function targetOf(marks: readonly unknown[]): string {
  const link = marks.find((mark) => isRecord(mark) && mark.type === 'link');
  return isRecord(link) && isRecord(link.attrs) ? wordOf(link.attrs.href) : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of the values that is a word. */
function wordOf(...values: readonly unknown[]): string {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? '';
}

type Inline = (node: Node) => string;

const inlines: Readonly<Record<string, Inline>> = {
  text: ({ text }) => text,
  hardBreak: () => '\n',
  mention: ({ attrs }) => `@${wordOf(attrs.text, attrs.id).replace(/^@/, '')}`,
  emoji: ({ attrs }) => wordOf(attrs.text, attrs.shortName),
  date: ({ attrs }) => dayOf(attrs.timestamp),
  status: ({ attrs }) => wordOf(attrs.text),
  placeholder: ({ attrs }) => wordOf(attrs.text),
  inlineCard: ({ attrs }) => addressOf(attrs),
  blockCard: ({ attrs }) => addressOf(attrs),
  embedCard: ({ attrs }) => addressOf(attrs),
  media: ({ attrs }) => wordOf(attrs.alt, attrs.__fileName, attrs.url),
  mediaInline: ({ attrs }) => wordOf(attrs.alt, attrs.__fileName, attrs.url),
};

function dayOf(timestamp: unknown): string {
  const moment = DateTime.fromMillis(Number(timestamp), { zone: 'utc' });
  return moment.isValid ? moment.toISODate() : '';
}

function addressOf({ url, data }: Node['attrs']): string {
  return isRecord(data) ? wordOf(url, data.url, data.name) : wordOf(url);
}

type Block = (node: Node, place: Place) => string;

const blocks: Readonly<Record<string, Block>> = {
  bulletList: (node, place) => itemsOf(node, place, () => '- '),
  orderedList: (node, place) => {
    const first = typeof node.attrs.order === 'number' ? node.attrs.order : 1;
    return itemsOf(node, place, (index) => `${first + index}. `);
  },
  taskList: (node, place) => itemsOf(node, place, (_, item) => (item.attrs.state === 'DONE' ? '[x] ' : '[ ] ')),
  decisionList: (node, place) => itemsOf(node, place, () => '- '),
  blockquote: (node, { depth, level }) =>
    indent(flow(node.content, { depth, level: level + 1 }, '\n\n'), level, '> ', '> '),
  table: (node, place) => flow(node.content, place, '\n'),
  tableRow: ({ content }, place) =>
    content
      .flatMap((cell) => nodeOf(cell) ?? [])
      .map((cell) => oneLine(flow(cell.content, place, '\n')))
      .join(' | '),
  mediaGroup: (node, place) =>
    flow(
      node.content.map((media) => ({ content: [media] })),
      place,
      '\n',
    ),
  expand: titled,
  nestedExpand: titled,
  rule: () => '----',
};

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

function titled({ attrs, content }: Node, place: Place): string {
  return [wordOf(attrs.title), flow(content, place, '\n\n')].filter((part) => part !== '').join('\n');
}

/** Items one below the other, a list in a list indented. */
function itemsOf(list: Node, { depth, level }: Place, markOf: (index: number, item: Node) => string): string {
  const inner = { depth: depth + 1, level: level + 1 };
  return list.content
    .flatMap((item) => nodeOf(item) ?? [])
    .map((item, index) => {
      const isNested = Object.hasOwn(blocks, item.type);
      const mark = isNested ? '  ' : markOf(index, item);
      return indent(isNested ? blockOf(item, inner) : flow(item.content, inner, '\n'), level, mark, '  ');
    })
    .join('\n');
}

function indent(text: string, level: number, first: string, next: string): string {
  return level >= DEEPEST_SHOWN
    ? text
    : first + text.replace(/\n(?!\n|$)/g, `\n${next}`).replace(/\n(?=\n|$)/g, `\n${next.trimEnd()}`);
}

/** Content in which blocks stand apart and what belongs in one line stays together. */
function flow(content: readonly unknown[], { depth, level }: Place, separator: string): string {
  const parts: string[] = [];
  let line: Node[] = [];
  const endLine = () => {
    if (line.length > 0) {
      parts.push(lineOf(line));
      line = [];
    }
  };
  for (const value of content) {
    const node = nodeOf(value);
    if (node === undefined) {
      continue;
    }

    if (isInline(node)) {
      line.push(node);
    } else {
      endLine();
      parts.push(blockOf(node, { depth: depth + 1, level }));
    }
  }
  endLine();
  return parts.join(separator);
}

/** What is unknown and holds nothing is at best a word. */
function isInline({ type, content }: Node): boolean {
  return Object.hasOwn(inlines, type) || (content.length === 0 && !Object.hasOwn(blocks, type) && type !== 'paragraph');
}

function blockOf(node: Node, place: Place): string {
  if (place.depth > DEEPEST) {
    return '…';
  }

  const block = Object.hasOwn(blocks, node.type) ? blocks[node.type] : undefined;
  return block === undefined ? flow(node.content, place, '\n\n') : block(node, place);
}

/** One run of inline nodes. Neighbours with the same link are one link. */
function lineOf(nodes: readonly Node[]): string {
  let line = '';
  let title = '';
  let target = '';
  for (const node of [...nodes, undefined]) {
    if (target !== '' && node?.target !== target) {
      line += linkOf(title, target);
      title = '';
    }
    target = node?.target ?? '';
    if (node !== undefined && target === '') {
      line += wordsOf(node);
    } else if (node !== undefined) {
      title += wordsOf(node);
    }
  }
  return line;
}

function linkOf(title: string, target: string): string {
  return title === target || title.trim() === '' || target === `mailto:${title}`
    ? title.trim() || target
    : `${title} (${target})`;
}

function wordsOf(node: Node): string {
  const inline = Object.hasOwn(inlines, node.type) ? inlines[node.type] : undefined;
  return inline === undefined ? wordOf(node.text, node.attrs.text, node.attrs.title) : inline(node);
}
