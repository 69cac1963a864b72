import type { OtrsOptions } from './options.ts';
import { scanJson } from './scan-json.ts';
import { callingOf, type Request, type Transport, toBody, webServiceUrl } from './transport.ts';

/** Routes with JSON. */
export function speakRest(options: OtrsOptions): Transport {
  const service = webServiceUrl(options);

  return {
    format: 'JSON',

    async write(request) {
      const { method, route } = callingOf(options, request);
      const { headers, data, inRoute } = withSession(request, options);
      const values: Readonly<Record<string, string>> = { ...inRoute, ...request.path };
      const path = route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? '-'));
      return method === 'GET'
        ? { method, url: `${service}${path}${toQuery(data)}`, headers }
        : {
            method,
            url: `${service}${path}`,
            headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
            body: toBody(JSON.stringify(data), request.content),
          };
    },

    read: async (body) => JSON.parse(body.toString('utf8').replace(/^\uFEFF/, '')),
    scan: scanJson,

    async faultOf(body) {
      try {
        const fault: unknown = JSON.parse(body);
        return typeof fault === 'object' && fault !== null && 'faultstring' in fault
          ? String(fault.faultstring)
          : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** In a header it never lands in the access log. What a route says counts more than the data, and less than a header. */
function withSession({ sessionId, data = {} }: Request, { session_in }: OtrsOptions) {
  if (sessionId === undefined) {
    return { headers: {}, data, inRoute: {} };
  }

  return session_in === 'header'
    ? { headers: { 'X-OTRS-Header-SessionID': sessionId }, data, inRoute: {} }
    : { headers: {}, data: { SessionID: sessionId, ...data }, inRoute: { SessionID: sessionId } };
}

function toQuery(data: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams(Object.entries(data).map(([name, value]) => [name, String(value)]));
  return query.size === 0 ? '' : `?${query}`;
}
