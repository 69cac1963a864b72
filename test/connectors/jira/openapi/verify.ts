import { Ajv, type ValidateFunction } from 'ajv';
import type { Call } from '../../../../sandbox/jira/listener.ts';
import type { Operation } from './operations.ts';
import { closed } from './shapes.ts';

/** What is wrong with the requests that arrived; a request to an operation that is not described is wrong as well. */
export type Verifier = (calls: readonly Call[]) => readonly string[];

export function createVerifier(operations: readonly Operation[]): Verifier {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const checks = operations.map((operation) => ({
    operation,
    // The most exact description counts: `/attachment/meta` is no attachment with the id «meta».
    pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`),
    query: ajv.compile(closed(operation.query ?? {})),
    body: operation.body === undefined ? undefined : ajv.compile(operation.body),
  }));

  return (calls) =>
    calls.flatMap((call) => {
      const name = `${call.method} ${call.path}`;
      const matching = checks.filter(
        ({ operation, pattern }) => operation.method === call.method && pattern.test(call.path),
      );
      const check = matching.find(({ operation }) => !operation.path.endsWith('}')) ?? matching[0];
      if (check === undefined) {
        return [`${name}: no such operation is described`];
      }

      const query = Object.fromEntries(new URLSearchParams(call.query));
      return [...faults(`${name} query`, check.query, query), ...faultsOfBody(name, call, check.operation, check.body)];
    });
}

function faultsOfBody(
  name: string,
  { body, parts }: Call,
  operation: Operation,
  check: ValidateFunction | undefined,
): readonly string[] {
  const strays = parts.filter(({ field }) => operation.parts?.includes(field) !== true);
  if (operation.parts !== undefined && parts.length === 0) {
    return [`${name}: a form was expected`];
  }

  if (check === undefined) {
    const stray = body === '' ? [] : [`${name}: a body that nobody expects`];
    return [...stray, ...strays.map(({ field }) => `${name}: stray form field «${field}»`)];
  }

  return faults(`${name} body`, check, JSON.parse(body === '' ? 'null' : body));
}

function faults(name: string, check: ValidateFunction, value: unknown): readonly string[] {
  return check(value)
    ? []
    : (check.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message}`);
}
