import { setImmediate as others } from 'node:timers/promises';
import { createXmlParser, inPieces, type XmlEvent } from './parse-xml.ts';

/** What stands in the body of an envelope. */
export interface Message {
  /** `TicketGetResponse`, `Fault` or the like, without its prefix. */
  readonly name: string;
  /** An element with elements in it is an object, an empty one `''`, several of one name a list. */
  readonly value: unknown;
}

/** Elements of an answer that is held. The largest that OTRS is asked for are 100,000 ids, or 50 tickets. */
const MOST_ELEMENTS = 1_000_000;

interface Node {
  readonly name: string;
  readonly children: Map<string, unknown[]>;
  readonly texts: string[];
}

/**
 * Lets everything else of the process have its turn after each piece. Throws a `SyntaxError` for what is no SOAP envelope
 * with one element in its body.
 */
export async function readEnvelope(bytes: Buffer): Promise<Message> {
  const root = await readTree(bytes);
  const body = root.children.get('Body')?.[0];
  const [message, ...others] = root.name === 'Envelope' && isRecord(body) ? Object.entries(body) : [];
  if (message === undefined || others.length > 0) {
    throw new SyntaxError('no SOAP envelope');
  }

  const [name, value] = message;
  return { name, value };
}

async function readTree(bytes: Buffer): Promise<Node> {
  const parser = createXmlParser();
  const root = { name: '', children: new Map<string, unknown[]>(), texts: [] };
  const stack: Node[] = [root];
  let elements = 0;
  let outermost: Node = root;

  const take = (event: XmlEvent) => {
    const top = stack.at(-1) ?? root;
    if (event.kind === 'text') {
      top.texts.push(event.text);
      return;
    }

    if (event.kind === 'open') {
      elements += 1;
      if (elements > MOST_ELEMENTS) {
        throw new SyntaxError(`more than ${MOST_ELEMENTS} elements`);
      }
      const node = { name: event.name, children: new Map<string, unknown[]>(), texts: [] };
      stack.push(node);
      outermost = outermost === root ? node : outermost;
      return;
    }

    stack.pop();
    const parent = stack.at(-1) ?? root;
    const siblings = parent.children.get(top.name);
    if (siblings === undefined) {
      parent.children.set(top.name, [toValue(top)]);
    } else {
      siblings.push(toValue(top));
    }
  };

  for (const piece of inPieces(bytes)) {
    parser.write(piece).forEach(take);
    await others();
  }
  parser.end().forEach(take);
  return outermost;
}

function toValue({ children, texts }: Node): unknown {
  if (children.size === 0) {
    return texts.join('');
  }

  return Object.fromEntries(
    Array.from(children, ([name, values]) => [name, values.length === 1 ? values[0] : values] as const),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
