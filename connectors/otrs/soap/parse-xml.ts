import sax from 'sax';

export type XmlEvent =
  /** Names come without their prefix: OTRS puts everything into one namespace. */
  | { readonly kind: 'open'; readonly name: string }
  /** A text may come in pieces. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close' };

/** OTRS nests six elements, and has attributes on two of them. */
const DEEPEST = 64;
const MOST_ATTRIBUTES = 32;
/** Bytes. sax bounds names, attribute values and comments by as much, once per piece that it is given. */
const PIECE = 64 * 1024;

const ENTITIES = Object.freeze(
  Object.assign(Object.create(null) as Record<string, string>, { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }),
);

/**
 * XML as it comes -> what it consists of, in the memory of one piece of it. Takes what SOAP allows: no document type, so
 * no entities of the document's own and nothing to expand; UTF-8 only; bounded depth, names and attributes. Both methods
 * throw a `SyntaxError`, after which nothing more can be parsed.
 */
export function createXmlParser() {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = sax.parser(true, { strictEntities: true });
  let events: XmlEvent[] = [];
  let depth = 0;
  let attributes = 0;

  // Its own table would find `&constructor;` in the prototype.
  parser.ENTITIES = ENTITIES;
  parser.onopentagstart = () => {
    attributes = 0;
  };
  parser.onattribute = () => {
    attributes += 1;
    if (attributes > MOST_ATTRIBUTES) {
      throw new SyntaxError(`more than ${MOST_ATTRIBUTES} attributes in one element`);
    }
  };
  parser.onopentag = ({ name }) => {
    depth += 1;
    if (depth > DEEPEST) {
      throw new SyntaxError(`more than ${DEEPEST} levels`);
    }
    events.push({ kind: 'open', name: name.slice(name.indexOf(':') + 1) });
  };
  parser.onclosetag = () => {
    depth -= 1;
    events.push({ kind: 'close' });
  };
  parser.ontext = (text) => events.push({ kind: 'text', text });
  parser.oncdata = parser.ontext;
  parser.ondoctype = () => refuse('a document type');
  parser.onsgmldeclaration = () => refuse('a declaration');
  parser.onprocessinginstruction = ({ name, body }) => {
    const [, encoding = 'utf-8'] = /\bencoding\s*=\s*["']([^"']*)/.exec(body) ?? [];
    if (name !== 'xml') {
      refuse('a processing instruction');
    }
    if (!/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
      refuse(`the encoding ${encoding.slice(0, 40)}`);
    }
  };
  parser.onerror = (error) => {
    throw new SyntaxError(error.message.replaceAll('\n', ', '));
  };

  const take = (act: () => void): readonly XmlEvent[] => {
    events = [];
    try {
      act();
    } catch (thrown) {
      throw toSyntaxError(thrown);
    }
    return events;
  };

  return {
    write: (piece: Buffer) => take(() => parser.write(decoder.decode(piece, { stream: true }))),
    end: () =>
      take(() => {
        parser.write(decoder.decode());
        parser.close();
      }),
  };
}

/** Pieces as small as the parser's bounds need them. */
export function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    yield bytes.subarray(at, at + PIECE);
  }
}

function refuse(what: string): never {
  throw new SyntaxError(`${what}, which SOAP does not allow`);
}

/** What sax stumbles over is no XML either; the decoder throws a `TypeError` for what is no UTF-8. */
function toSyntaxError(thrown: unknown): SyntaxError {
  if (thrown instanceof SyntaxError) {
    return thrown;
  }

  const isText = !(thrown instanceof TypeError && 'code' in thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new SyntaxError(isText ? reason : 'bytes that are not UTF-8', { cause: thrown });
}
