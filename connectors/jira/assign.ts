import { z } from 'zod';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { Gateway } from './http/gateway.ts';
import { pathOf } from './issue-path.ts';

/** Makes a user the assignee. Throws `REFUSED` for one who is unknown, inactive or may not be assigned. */
export async function assignIssue(ref: Ref, user: string, gateway: Gateway, signal: AbortSignal): Promise<void> {
  const dialect = await gateway.dialect(signal);
  try {
    await gateway.send({
      method: 'PUT',
      path: `${pathOf(ref)}/assignee`,
      body: dialect.writeUser(user),
      about: nameOf(ref),
      effect: 'repeatable',
      shape: z.unknown(),
      signal,
    });
  } catch (error) {
    throw error instanceof BridgeError ? withSentence(error, ref, user) : error;
  }
}

/** JIRA says it in the account's language, and a user whom it does not know is not found as an issue is not. */
function withSentence(error: BridgeError, ref: Ref, user: string): BridgeError {
  const isRefused = error.disposition === 'dead' && ['REFUSED', 'RECORD_NOT_READABLE'].includes(error.code);
  return isRefused
    ? new BridgeError(
        'REFUSED',
        `JIRA does not assign ${nameOf(ref)} to «${user}»: the user is unknown, inactive or may not be assigned there. ${error.message}`,
        { cause: error, details: { ...error.details, user } },
      )
    : error;
}
