import { BridgeError } from '../../src/errors.ts';

export interface WebServiceValues {
  /** Where the help desk reaches the bridge, e.g. `http://bridge.example.test:8080`, with or without `/webhooks/otrs`. */
  readonly url: string;
  /** The shared secret; travels as the header `X-Bridge-Secret`. Absent where the text has no place for it. */
  readonly secret?: string;
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
  const { secret, userId } = values;
  const addressed = chosen.replaceAll('"BRIDGE_URL"', () => quoted(hostOf(values.url)));
  const filled =
    secret === undefined ? addressed : addressed.replaceAll('"BRIDGE_SECRET"', () => quoted(headerValueOf(secret)));
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

const SOAP = `  Transport:
    Type: HTTP::SOAP
    Config:
      AdditionalHeaders: ~
      # Bytes of a request: a 70 MB attachment in base64 fits.
      MaxLength: "100000000"
      NameSpace: http://www.otrs.org/TicketConnector/
      RequestNameScheme: Plain
      ResponseNameScheme: Response
      # The bridge sends an empty action, which always passes.
      SOAPAction: "Yes"
      SOAPActionScheme: NameSpaceSeparatorOperation
      SOAPActionSeparator: "#"
`;

/**
 * The definition for SOAP: that for REST with another transport for the operations that the bridge calls. Webhooks stay as
 * they are, for the two directions of a web service are independent.
 */
export function soapDefinitionOf(restDefinition: string): string {
  const provider = restDefinition.indexOf('\n  Transport:\n') + 1;
  const requester = restDefinition.indexOf('\nRequester:\n') + 1;
  return [
    '# The same as otrs-jira-bridge.yml over SOAP. Generated from it by `npm run docs`; do not edit.\n',
    restDefinition.slice(0, provider),
    SOAP,
    restDefinition.slice(requester),
  ].join('');
}
