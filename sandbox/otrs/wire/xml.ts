/** An element without its prefix: names of namespaces play no part in what OTRS makes of a request. */
export interface XmlElement {
  readonly name: string;
  /** Names without prefix. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, CDATA included, without that of its children. */
  readonly text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE(?:[^[>]|\[[\s\S]*?\]\s*)*>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/gy;

interface Open {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Reads a document. Throws with the sentence of the parser that OTRS uses, as far as it tells of the kind of fault. */
export function parseXml(source: string): XmlElement {
  const top: Open = { tag: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [top];
  let hasDoctype = false;
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const [token, cdata, closing, opening, attributes = '', selfClosing] = match;
    const current = open.at(-1) ?? top;
    end = match.index + token.length;
    if (closing !== undefined) {
      close(open, closing);
    } else if (opening !== undefined) {
      open.push({ tag: opening, attributes: attributesOf(attributes, hasDoctype), children: [], text: '' });
      if (selfClosing === '/') {
        close(open, opening);
      }
    } else if (cdata !== undefined) {
      current.text += cdata;
    } else if (!token.startsWith('<')) {
      current.text += decoded(token, hasDoctype);
    }
    hasDoctype ||= token.startsWith('<!DOCTYPE');
  }

  if (end < source.length) {
    throw new Error('unclosed token');
  }

  if (top.text.trim() !== '') {
    throw new Error('syntax error');
  }

  const [root] = top.children;
  if (root === undefined || open.length > 1) {
    throw new Error('no element found');
  }

  if (top.children.length > 1) {
    throw new Error('junk after document element');
  }

  return root;
}

function close(open: Open[], tag: string): void {
  const closed = open.length > 1 ? open.pop() : undefined;
  if (closed?.tag !== tag) {
    throw new Error('mismatched tag');
  }

  const { attributes, children, text } = closed;
  open.at(-1)?.children.push({ name: localName(tag), attributes, children, text });
}

function attributesOf(text: string, hasDoctype: boolean): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, name = '', double, single]) => [
      localName(name),
      decoded(double ?? single ?? '', hasDoctype),
    ]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Entities that a document declares by itself are not resolved; nothing is left of them. */
function decoded(text: string, hasDoctype: boolean): string {
  return text.replaceAll('\r\n', '\n').replace(/&([^;\s]*);?/g, (reference, name: string) => {
    const [, hexadecimal, decimal] = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name) ?? [];
    if (hexadecimal !== undefined || decimal !== undefined) {
      return String.fromCodePoint(hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16));
    }

    const known = ENTITIES[name];
    if (!reference.endsWith(';') || (known === undefined && !hasDoctype)) {
      throw new Error(reference.endsWith(';') ? 'undefined entity' : 'not well-formed (invalid token)');
    }

    return known ?? '';
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
