import { BridgeError } from '../../src/errors.ts';

export interface WebServiceValues {
  /** Where the help desk reaches the bridge, e.g. `http://bridge.example.test:8080`, with or without `/webhooks/otrs`. */
  readonly url: string;
  /** The shared secret; travels as the header `X-Bridge-Secret`. */
  readonly secret: string;
  /** User id of the bridge's agent in the help desk. Without it the bridge's own changes send webhooks too. */
  readonly userId?: string;
  /** What OTRS has installed beyond itself: `addon` adds the operation `LinkAdd` of the package in `addon/`. */
  readonly installed?: 'addon';
}

/**
 * Fills the placeholders of the web service definition (`webservice/otrs-jira-bridge.yml`).
 * Throws `CONFIGURATION_INVALID` for a value that the help desk could not use.
 */
export function fillWebService(text: string, values: WebServiceValues): string {
  const chosen = values.installed === 'addon' ? text.replaceAll('#+ ', '') : text;
  const filled = chosen
    .replaceAll('"BRIDGE_URL"', () => quoted(hostOf(values.url)))
    .replaceAll('"BRIDGE_SECRET"', () => quoted(headerValueOf(values.secret)));
  const { userId } = values;
  if (userId === undefined) {
    return filled;
  }

  if (!/^[1-9]\d*$/.test(userId)) {
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      `The bridge's user id in OTRS must be a number, not ${quoted(userId)}.`,
    );
  }

  return filled.replaceAll('^(?!BRIDGE_USER_ID$)', () => `^(?!${userId}$)`);
}

/** The help desk puts `/webhooks/otrs` behind this, so neither that nor a slash may stand at the end. */
function hostOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      `The bridge's address must be an http or https URL, not ${quoted(url)}.`,
    );
  }

  if (parsed.search !== '' || parsed.hash !== '' || parsed.username !== '' || parsed.password !== '') {
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      `The bridge's address must end with its host, port or path: ${quoted(parsed.origin + parsed.pathname)}.`,
    );
  }

  return (parsed.origin + parsed.pathname).replace(/\/+$/, '').replace(/\/webhooks\/otrs$/, '');
}

function headerValueOf(secret: string): string {
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      'The shared secret goes into an HTTP header: it must be of printable ASCII characters without spaces, at least one.',
    );
  }

  return secret;
}

/** A JSON string is a double-quoted YAML scalar as well. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
