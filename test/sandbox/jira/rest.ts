import type { SandboxJira } from '../../../sandbox/jira/server.ts';

/** Calls of the account to a sandbox, as any client would make them. */
export function restOf(sandbox: () => SandboxJira, base = '/rest/api/2') {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = { authorization: `Bearer ${sandbox().token}` },
  ) => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${sandbox().url}${base}${path}`, {
      method,
      headers: { ...(isForm ? {} : { 'content-type': 'application/json' }), ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}
