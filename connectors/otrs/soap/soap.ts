import type { OperationName, OtrsOptions } from '../options.ts';
import { callingOf, type Transport, toBody, webServiceUrl } from '../transport.ts';
import { readEnvelope } from './read-envelope.ts';
import { scanEnvelope } from './scan-envelope.ts';
import { createEnvelopeWriter } from './write-envelope.ts';

/** The element that each operation has in the definition. */
const OPERATIONS = {
  session_create: 'SessionCreate',
  session_get: 'SessionGet',
  ticket_create: 'TicketCreate',
  ticket_update: 'TicketUpdate',
  ticket_get: 'TicketGet',
  ticket_search: 'TicketSearch',
  ticket_history: 'TicketHistoryGet',
  link_add: 'LinkAdd',
} as const satisfies Readonly<Record<OperationName, string>>;

/**
 * Envelopes of SOAP 1.1, posted to the web service itself, the session among the data. Of the package `soap` the part is
 * used that knows the definition and writes by it. Its client stays out, because the gateway bounds every call, and so
 * does its reader: that one sets no bounds to an answer, and an attribute `id="__proto__"` writes into the prototype of
 * every object of the process.
 */
export function speakSoap(options: OtrsOptions): Transport {
  const writeEnvelope = createEnvelopeWriter(options.soap_namespace);
  const url = webServiceUrl(options);

  return {
    format: 'SOAP',

    async write(request) {
      const { operation, path, data, content, sessionId } = request;
      const session = sessionId === undefined ? {} : { SessionID: sessionId };
      const { name } = callingOf(options, request);
      const text = await writeEnvelope(OPERATIONS[operation], name, { ...session, ...path, ...data });
      return {
        method: 'POST',
        url,
        // OTRS compares any other action with its settings, and takes an absent one for a broken request in old versions.
        headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' },
        body: toBody(text, content),
      };
    },

    async read(body) {
      const { name, value } = await readEnvelope(body);
      if (name === 'Fault') {
        throw new SyntaxError(`a fault: ${faultString(value)}`);
      }

      // An operation without a result is answered by an empty element.
      return value === '' ? {} : value;
    },

    scan: scanEnvelope,

    async faultOf(body) {
      try {
        const { name, value } = await readEnvelope(Buffer.from(body, 'utf8'));
        return name === 'Fault' ? faultString(value) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

function faultString(fault: unknown): string {
  return typeof fault === 'object' && fault !== null && 'faultstring' in fault ? String(fault.faultstring) : '';
}
