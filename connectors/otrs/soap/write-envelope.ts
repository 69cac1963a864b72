import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WSDL } from 'soap';
import { withoutControls } from '../storable.ts';

/** The namespace of the stock definitions, and of ours. */
export const NAMESPACE = 'http://www.otrs.org/TicketConnector/';

const BEGIN =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">';

/** Writes the data of a call of `operation` into an envelope, under the name that the web service gives it. */
export type WriteEnvelope = (
  operation: string,
  name: string,
  data: Readonly<Record<string, unknown>>,
) => Promise<string>;

/**
 * The order and the names of the elements are those of `ticket-connector.wsdl`, which is read when it is first needed.
 * What the definition does not name goes along as it is.
 */
export function createEnvelopeWriter(namespace: string): WriteEnvelope {
  let loading: Promise<WSDL> | undefined;

  return async (operation, name, data) => {
    loading ??= load(namespace);
    const wsdl = await loading;
    const message: string = wsdl.objectToDocumentXML(name, toElements(data), 'tns', namespace, operation);
    return `${BEGIN}<soap:Body>${message}</soap:Body></soap:Envelope>`;
  };
}

async function load(namespace: string): Promise<WSDL> {
  const file = join(import.meta.dirname, 'ticket-connector.wsdl');
  const text = (await readFile(file, 'utf8')).replaceAll(NAMESPACE, () => namespace);
  return await new Promise((resolve, reject) => {
    const wsdl = new WSDL(text, file, {});
    wsdl.onReady((error) => (error === undefined || error === null ? resolve(wsdl) : reject(error)));
  });
}

/**
 * Every text is handed over as finished XML: the package would take one that begins with `<![CDATA[` and ends with `]]>`
 * for markup, and let a comment write elements of its own. A list without elements is an empty value, which clears.
 */
function toElements(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? { $xml: '' } : value.map(toElements);
  }

  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toElements(each)]));
  }

  return { $xml: toXml(String(value ?? '')) };
}

/** XML cannot hold control characters, and turns line ends into others unless they are written as references. */
function toXml(text: string): string {
  return withoutControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
