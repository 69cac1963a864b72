/** Atlassian's document format, checked node by node. Anything that the table does not know is refused. */

interface NodeRule {
  /** Types that may stand in it; none means that it has no content. */
  readonly content?: readonly string[];
  /** It must hold at least one node. */
  readonly isFilled?: boolean;
  readonly attributes?: readonly string[];
  /** Attributes that must be there. */
  readonly demanded?: readonly string[];
}

const inlines = ['text', 'hardBreak', 'mention', 'emoji', 'inlineCard', 'date', 'status', 'mediaInline'];
const lists = ['bulletList', 'orderedList'];
const simpleBlocks = ['paragraph', ...lists, 'codeBlock', 'mediaSingle', 'mediaGroup'];
const cellBlocks = [...simpleBlocks, 'heading', 'blockquote', 'panel', 'rule'];

const rules: Readonly<Record<string, NodeRule>> = {
  doc: { content: [...cellBlocks, 'table', 'expand', 'blockCard'] },
  paragraph: { content: inlines, attributes: ['localId'] },
  heading: { content: inlines, attributes: ['level', 'localId'], demanded: ['level'] },
  text: {},
  hardBreak: { attributes: ['text'] },
  mention: { attributes: ['id', 'text', 'accessLevel', 'userType', 'localId'], demanded: ['id'] },
  emoji: { attributes: ['shortName', 'id', 'text'], demanded: ['shortName'] },
  inlineCard: { attributes: ['url', 'data'] },
  blockCard: { attributes: ['url', 'data'] },
  date: { attributes: ['timestamp'], demanded: ['timestamp'] },
  status: { attributes: ['text', 'color', 'localId', 'style'], demanded: ['text', 'color'] },
  codeBlock: { content: ['text'], attributes: ['language'] },
  blockquote: { content: ['paragraph', ...lists, 'codeBlock'], isFilled: true },
  bulletList: { content: ['listItem'], isFilled: true },
  orderedList: { content: ['listItem'], isFilled: true, attributes: ['order'] },
  listItem: { content: ['paragraph', ...lists, 'codeBlock', 'mediaSingle'], isFilled: true },
  panel: {
    content: ['paragraph', 'heading', ...lists],
    isFilled: true,
    attributes: ['panelType'],
    demanded: ['panelType'],
  },
  rule: {},
  expand: { content: cellBlocks, isFilled: true, attributes: ['title'] },
  table: { content: ['tableRow'], isFilled: true, attributes: ['isNumberColumnEnabled', 'layout', 'localId'] },
  tableRow: { content: ['tableCell', 'tableHeader'], isFilled: true },
  tableCell: { content: cellBlocks, isFilled: true, attributes: ['colspan', 'rowspan', 'colwidth', 'background'] },
  tableHeader: { content: cellBlocks, isFilled: true, attributes: ['colspan', 'rowspan', 'colwidth', 'background'] },
  mediaSingle: { content: ['media'], isFilled: true, attributes: ['layout', 'width'] },
  mediaGroup: { content: ['media'], isFilled: true },
  media: { attributes: ['id', 'type', 'collection', 'url', 'alt', 'width', 'height'], demanded: ['type'] },
  mediaInline: { attributes: ['id', 'type', 'collection', 'alt'], demanded: ['id'] },
};

const marks = ['strong', 'em', 'code', 'strike', 'underline', 'link', 'textColor', 'subsup', 'backgroundColor'];

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a document, with the place; undefined for one that JIRA takes. */
export function faultOfDocument(document: unknown): string | undefined {
  if (!isNode(document) || document.type !== 'doc' || document.version !== 1) {
    return 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
  }

  const { version: _, ...root } = document;
  return faultOfNode(root, 'doc', []);
}

function faultOfNode(node: Node, at: string, allowed: readonly string[]): string | undefined {
  const type = String(node.type);
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
  if (rule === undefined || (at !== 'doc' && !allowed.includes(type))) {
    return `INVALID_INPUT: ${at}: '${type}' is not allowed here`;
  }

  const known = ['type', 'attrs', ...(rule.content ? ['content'] : []), ...(type === 'text' ? ['text', 'marks'] : [])];
  const stray = Object.keys(node).find((key) => !known.includes(key));
  if (stray !== undefined) {
    return `INVALID_INPUT: ${at}: '${stray}' is not allowed here`;
  }

  return faultOfText(node, at) ?? faultOfAttributes(node, rule, at) ?? faultOfContent(node, rule, at);
}

function faultOfText({ type, text, marks: given = [] }: Node, at: string): string | undefined {
  if (type !== 'text') {
    return undefined;
  }

  if (typeof text !== 'string' || text === '') {
    return `INVALID_INPUT: ${at}: a text node must have a text`;
  }

  const isKnown = Array.isArray(given) && given.every((mark) => isNode(mark) && marks.includes(String(mark.type)));
  return isKnown ? undefined : `INVALID_INPUT: ${at}: unknown mark`;
}

function faultOfAttributes({ attrs = {} }: Node, { attributes = [], demanded = [] }: NodeRule, at: string) {
  const names = isNode(attrs) ? Object.keys(attrs) : ['attrs'];
  const stray = names.find((name) => !attributes.includes(name));
  const missing = demanded.find((name) => !names.includes(name));
  return stray === undefined && missing === undefined
    ? undefined
    : `INVALID_INPUT: ${at}: the attribute '${stray ?? missing}' is ${stray === undefined ? 'missing' : 'unknown'}`;
}

function faultOfContent({ type, content = [] }: Node, rule: NodeRule, at: string): string | undefined {
  if (!Array.isArray(content) || (rule.isFilled === true && content.length === 0)) {
    return `INVALID_INPUT: ${at}: '${String(type)}' has no content`;
  }

  for (const [index, child] of content.entries()) {
    const place = `${at}/${index}`;
    const fault = isNode(child) ? faultOfNode(child, place, rule.content ?? []) : `INVALID_INPUT: ${place}: no node`;
    if (fault !== undefined) {
      return fault;
    }
  }

  return undefined;
}

/** What a person reads in a document, without its markup. Blocks are separated by an empty line. */
export function textOfDocument(document: unknown): string {
  return isNode(document) ? blocksOf(document).join('\n\n').trim() : '';
}

/** Characters in its text nodes: what separates them is no text. */
export function lengthOfDocument(node: unknown): number {
  if (!isNode(node)) {
    return 0;
  }

  const own = typeof node.text === 'string' ? node.text.length : 0;
  const content = Array.isArray(node.content) ? node.content : [];
  return content.reduce<number>((length, child) => length + lengthOfDocument(child), own);
}

function blocksOf({ content }: Node): readonly string[] {
  const children = Array.isArray(content) ? content.filter(isNode) : [];
  return children.map((child) => {
    const inner = Array.isArray(child.content) ? child.content.filter(isNode) : [];
    const isOfBlocks = inner.some(({ type }) => !inlines.includes(String(type)));
    return isOfBlocks ? blocksOf(child).join('\n') : inner.map(inlineText).join('');
  });
}

function inlineText({ type, text, attrs }: Node): string {
  const { url, shortName, text: label } = isNode(attrs) ? attrs : {};
  return type === 'text' ? String(text) : type === 'hardBreak' ? '\n' : String(label ?? url ?? shortName ?? '');
}

/** The document that a person writes who types this text. */
export function documentOf(text: string): Node {
  const lines = (paragraph: string) =>
    paragraph
      .split('\n')
      .flatMap((line, index) => [
        ...(index === 0 ? [] : [{ type: 'hardBreak' }]),
        ...(line === '' ? [] : [{ type: 'text', text: line }]),
      ]);
  return {
    type: 'doc',
    version: 1,
    content: text.split('\n\n').map((paragraph) => ({ type: 'paragraph', content: lines(paragraph) })),
  };
}
