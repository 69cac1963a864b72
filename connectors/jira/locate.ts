import { z } from 'zod';
import type { Ref } from '../../src/domain/ticket.ts';
import { toBridgeError } from '../../src/errors.ts';
import type { Gateway } from './http/gateway.ts';
import { pathOf } from './issue-path.ts';

const located = z.object({ id: z.string(), key: z.string() });

/** The issue with this key. JIRA also finds one that was moved by its old key, and answers with the new one. */
export async function locateIssue(
  key: string,
  gateway: Gateway,
  system: string,
  signal: AbortSignal,
): Promise<Ref | undefined> {
  if (!/^[A-Z][A-Z0-9_]*-[1-9]\d*$/i.test(key)) {
    return undefined;
  }

  try {
    const query = { fields: 'summary' };
    const path = pathOf({ id: key });
    const issue = await gateway.send({
      method: 'GET',
      path,
      query,
      about: key,
      effect: 'none',
      shape: located,
      signal,
    });
    return { system, id: issue.id, key: issue.key };
  } catch (thrown) {
    const error = toBridgeError(thrown);
    if (error.code === 'RECORD_NOT_READABLE') {
      return undefined;
    }
    throw error;
  }
}
