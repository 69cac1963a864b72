import { createRequire } from 'node:module';

/** What Atlassian's own parser of wiki text makes of a text. */
export interface Rendered {
  /** Kinds of nodes and marks that are more than text in paragraphs, e.g. `mention` or `strong`; links are told apart. */
  readonly alive: readonly string[];
  /** Targets of links. */
  readonly links: readonly string[];
  /** Contents of fixed-width blocks. */
  readonly blocks: readonly string[];
  /** All that a reader sees, in order. */
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly text?: string;
  readonly content?: readonly Node[];
  readonly marks?: readonly { readonly type: string; readonly attrs?: { readonly href?: string } }[];
}

interface Transformer {
  parse(wiki: string): { toJSON(): Node };
}

const atlassian = createRequire(import.meta.url)('@atlaskit/editor-wikimarkup-transformer') as {
  readonly WikiMarkupTransformer: new () => Transformer;
};
const transformer = new atlassian.WikiMarkupTransformer();

const harmless: ReadonlySet<string> = new Set(['doc', 'paragraph', 'text', 'hardBreak', 'codeBlock']);
const blocks: ReadonlySet<string> = new Set(['paragraph', 'codeBlock']);

export function rendered(wiki: string): Rendered {
  const alive = new Set<string>();
  const links: string[] = [];
  const verbatim: string[] = [];
  const read = (node: Node): string => {
    if (!harmless.has(node.type)) {
      alive.add(node.type);
    }
    for (const { type, attrs } of node.marks ?? []) {
      if (type === 'link') {
        links.push(attrs?.href ?? '');
      } else {
        alive.add(type);
      }
    }
    const inner = (node.content ?? []).map(read).join('');
    if (node.type === 'codeBlock') {
      verbatim.push(inner);
    }
    const own = node.type === 'hardBreak' ? '\n' : (node.text ?? '');
    return `${own}${inner}${blocks.has(node.type) ? '\n\n' : ''}`;
  };
  const text = read(transformer.parse(wiki).toJSON());
  return { alive: [...alive], links, blocks: verbatim, text };
}
