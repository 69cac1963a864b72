import type { FileContent } from '../../jira/file-content.ts';
import type { Data } from '../operations/values.ts';
import type { Answer, Body } from './bodies.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** What stands in the web service that is imported beside the one for REST. */
export const NAMESPACE = 'http://www.otrs.org/TicketConnector/';

/** A request that the transport itself refuses. */
export class SoapRefusal extends Error {
  /** Plain text, or the fault in an envelope; both come with HTTP 500. */
  readonly isPlain: boolean;

  constructor(message: string, isPlain: boolean) {
    super(message);
    this.isPlain = isPlain;
  }
}

/** The operation that the header SOAPAction names, judged before anybody reads the body. Throws `SoapRefusal`. */
function operationInHeader(action: string): string | undefined {
  const [, namespace, operation] = /^["']?(.+?)[#/]([^#/]+?)["']?$/s.exec(action) ?? [];
  if (namespace !== undefined && namespace !== NAMESPACE) {
    throw new SoapRefusal(
      `Namespace from SOAPAction '${namespace}' does not match namespace from configuration '${NAMESPACE}'`,
      false,
    );
  }

  return operation ?? /^["'](.+)["']$/s.exec(action)?.[1];
}

/** Operation and data of an envelope. Throws `SoapRefusal`. */
export function readEnvelope(action: string, body: Body): { readonly operation: string; readonly data: Data } {
  const inHeader = operationInHeader(action);
  const operations = bodyOf(body.text).children.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const [first] = operations;
  if (first === undefined) {
    throw new SoapRefusal('Got no result body from deserialized content', true);
  }

  if (inHeader !== undefined && inHeader !== first.name) {
    throw new SoapRefusal(
      `Operation from SOAP data '${first.name}' does not match operation from SOAPAction '${inHeader}'`,
      false,
    );
  }

  const stripped = action.replace(/^(["']?)(.*)\1$/s, '$2');
  const expected = `${NAMESPACE}#${first.name}`;
  if (stripped !== '' && stripped !== expected && stripped !== `${NAMESPACE}${first.name}`) {
    throw new SoapRefusal(`SOAPAction '${stripped}' does not match expected result '${expected}'`, false);
  }

  const data = toValue(first, body.files);
  return { operation: first.name, data: typeof data === 'object' && data !== null ? (data as Data) : {} };
}

function bodyOf(text: string): XmlElement {
  const root = parsed(text);
  const found = root.name === 'Envelope' ? root.children.find(({ name }) => name === 'Body') : undefined;
  if (found === undefined) {
    throw new SoapRefusal('Got no result body from deserialized content', true);
  }

  return found;
}

function parsed(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (thrown) {
    throw new SoapRefusal(
      `Error deserializing message:\n${thrown instanceof Error ? thrown.message : String(thrown)}`,
      true,
    );
  }
}

/** Text, or a record of the children in which names that repeat hold a list; `xsi:nil` is null. */
function toValue(element: XmlElement, files: Body['files']): unknown {
  if (element.attributes.nil === 'true' || element.attributes.nil === '1') {
    return null;
  }

  if (element.children.length === 0) {
    const [, number] = element.name === 'Content' ? (/^file:(\d+)$/.exec(element.text) ?? []) : [];
    const file = files[Number(number ?? -1)];
    return file ?? (element.attributes.type?.endsWith('base64Binary') ? fromBinary(element.text) : element.text);
  }

  const record: Record<string, unknown> = {};
  for (const child of element.children) {
    const value = toValue(child, files);
    record[child.name] = child.name in record ? [record[child.name], value].flat() : value;
  }
  return record;
}

/** What is declared binary is decoded on the way in; each byte becomes a character. */
function fromBinary(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>';
const TAIL = '</soap:Body></soap:Envelope>';

/** The answer of an operation. */
export function toAnswer(operation: string, result: object): Answer {
  return envelopeOf(`${operation}Response`, result);
}

/** A fault in OTRS's own namespace, so that no SOAP client takes it for one. */
export function toFault(faultstring: string): Answer {
  return envelopeOf('Fault', { faultcode: 'Server', faultstring });
}

function envelopeOf(name: string, result: object): Answer {
  const parts = [''];
  const contents: FileContent[] = [];
  const write = (text: string) => {
    parts.push(`${parts.pop()}${text}`);
  };
  const writeElement = (tag: string, value: unknown) => {
    if (Array.isArray(value)) {
      for (const each of value) {
        writeElement(tag, each);
      }
      return;
    }

    if (tag === 'Content' && typeof value === 'object' && value !== null) {
      const content = value as FileContent;
      if (content.size === 0) {
        write(`<${tag} />`);
        return;
      }

      contents.push(content);
      write(`<${tag}>`);
      parts.push(`</${tag}>`);
      return;
    }

    const isRecord = typeof value === 'object' && value !== null;
    if (value === '' || value === null || value === undefined || (isRecord && Object.keys(value).length === 0)) {
      write(`<${tag} />`);
      return;
    }

    write(`<${tag}>`);
    if (isRecord) {
      writeRecord(value);
    } else {
      write(escaped(String(value)));
    }
    write(`</${tag}>`);
  };
  const writeRecord = (record: object) => {
    for (const [tag, value] of Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1))) {
      writeElement(tag, value);
    }
  };

  const isEmpty = Object.keys(result).length === 0;
  write(`${HEAD}<${name} xmlns="${NAMESPACE}"${isEmpty ? ' xsi:nil="true" />' : '>'}`);
  writeRecord(result);
  write(`${isEmpty ? '' : `</${name}>`}${TAIL}`);
  return { parts, contents };
}

/** Characters that XML cannot hold are left out. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(?![\t\n\r\u0085])\p{Cc}/gu, '');
}
