import type { DocumentReader, Sink } from '../document.ts';
import { createXmlParser, inPieces, type XmlEvent } from './parse-xml.ts';

/** Envelope, body, and the element that is named after the operation: paths begin inside of them. */
const WRAPPERS = ['Envelope', 'Body'];

/** Characters. A text that is kept is refused beyond this; nothing that is asked for is that long. */
const LONGEST_KEPT = 4_096;

interface Element {
  readonly path: string;
  isObject: boolean;
  target: Sink | 'keep' | 'skip' | undefined;
  kept: string;
}

/**
 * Reads a SOAP answer as it comes, in the memory of one piece of it. Throws a `SyntaxError` for what is no envelope, and
 * for one that ends too early.
 */
export async function scanEnvelope(chunks: AsyncIterable<Buffer>, reader: DocumentReader): Promise<void> {
  const parser = createXmlParser();
  const stack: Element[] = [];
  let isEnvelope = false;

  const take = (event: XmlEvent): Promise<void> | void => {
    switch (event.kind) {
      case 'open':
        return open(event.name);
      case 'text':
        return text(event.text);
      case 'close':
        return close();
    }
  };

  const open = (name: string) => {
    const wrapper = WRAPPERS[stack.length];
    const isHeader = stack.length === 1 && name === 'Header';
    if (wrapper !== undefined && name !== wrapper && !isHeader) {
      throw new SyntaxError('no SOAP envelope');
    }

    isEnvelope ||= stack.length === WRAPPERS.length;
    const parent = stack.at(-1);
    const isInside = stack.length > WRAPPERS.length;
    if (isInside && parent !== undefined && !parent.isObject) {
      parent.isObject = true;
      reader.begin?.(parent.path);
    }
    const path = !isInside ? '' : parent?.path === '' ? name : `${parent?.path}.${name}`;
    stack.push({ path, isObject: false, target: undefined, kept: '' });
  };

  const text = (piece: string): Promise<void> | void => {
    const top = stack.at(-1);
    const isBetween = top?.target === undefined && /^\s*$/.test(piece);
    if (top === undefined || top.isObject || isBetween || stack.length <= WRAPPERS.length) {
      return;
    }

    top.target ??= reader.string(top.path);
    if (typeof top.target === 'function') {
      return top.target(Buffer.from(piece, 'utf8'));
    }
    if (top.target === 'keep') {
      top.kept += piece;
      if (top.kept.length > LONGEST_KEPT) {
        throw new SyntaxError(`${top.path} is longer than ${LONGEST_KEPT} characters`);
      }
    }
  };

  const close = (): Promise<void> | void => {
    const top = stack.pop();
    if (top === undefined || stack.length < WRAPPERS.length) {
      return;
    }

    if (top.isObject) {
      return reader.end?.(top.path);
    }
    if (top.target === undefined || top.target === 'keep') {
      reader.value(top.path, top.kept);
    }
  };

  for await (const chunk of chunks) {
    for (const piece of inPieces(chunk)) {
      for (const event of parser.write(piece)) {
        await take(event);
      }
    }
  }
  for (const event of parser.end()) {
    await take(event);
  }
  if (!isEnvelope) {
    throw new SyntaxError('no SOAP envelope');
  }
}
