import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OtrsOptions } from '../options.ts';
import { fillWebService, soapDefinitionOf } from '../webservice.ts';

/** How the webhooks of the web service prove that they are genuine; `none` where something else sends them. */
export type WebServiceProof =
  | { readonly by: 'header'; readonly header: string; readonly secret: string }
  | { readonly by: 'basic'; readonly user: string; readonly password: string }
  | { readonly by: 'nothing' }
  | { readonly by: 'none' };

export interface WebServiceFacts {
  readonly options: OtrsOptions;
  /** Logical names of the fields whose changes nobody has to tell the bridge. */
  readonly ownFields: readonly string[];
  readonly bridgeUrl: string;
  readonly proof: WebServiceProof;
}

const DEFINITION = join(import.meta.dirname, '../webservice/otrs-jira-bridge.yml');

/** Operations of the web service by the names that the configuration gives them. */
const NAMES: Readonly<Record<keyof OtrsOptions['operations'], string>> = {
  session_create: 'SessionCreate',
  session_get: 'SessionGet',
  ticket_create: 'TicketCreate',
  ticket_update: 'TicketUpdate',
  ticket_get: 'TicketGet',
  ticket_search: 'TicketSearch',
  ticket_history: 'TicketHistoryGet',
  link_add: 'LinkAdd',
};

/**
 * The importable web service, filled in from the configuration: routes, webhooks for the configured dynamic fields, the
 * bridge's address, its proof and its user id. It holds the secret. Throws `CONFIGURATION_INVALID` for a value that OTRS
 * could not use.
 */
export async function writeWebService({ options, ownFields, bridgeUrl, proof }: WebServiceFacts): Promise<string> {
  const definition = await readFile(DEFINITION, 'utf8');
  const told = Object.entries(options.dynamic_fields).flatMap(([logical, name]) =>
    ownFields.includes(logical) ? [] : [name],
  );
  const chosen = options.operations.link_add === undefined ? definition : definition.replaceAll('#+ ', '');
  const tailored = withProof(withFieldEvents(withOperations(chosen, options), told), proof);
  return fillWebService(withOwnHead(tailored), {
    url: bridgeUrl,
    ...(proof.by === 'header' ? { secret: proof.secret } : {}),
    ...(options.user_id === undefined ? {} : { userId: options.user_id }),
  });
}

/** The definition begins with what to do by hand, which is done here. */
function withOwnHead(definition: string): string {
  const head =
    '# Written by `bridge otrs setup-guide` from the configuration of the bridge: import it under Admin > Web Services, then\n# delete it where it holds a secret.\n';
  return definition.replace(/^---\n(?:#.*\n)+/, `---\n${head}`);
}

/** Names of the events that the web service tells of. */
export function eventsIn(definition: string): readonly string[] {
  return Array.from(definition.matchAll(/^ {8}- Event: (\S+)$/gm), ([, name]) => name ?? '');
}

function withOperations(definition: string, options: OtrsOptions): string {
  if (options.transport === 'rest') {
    return eachOperation(definition, options, withRoute);
  }

  const soap = soapDefinitionOf(definition).replace(/^( {6}NameSpace: ).*$/m, `$1${options.soap_namespace}`);
  // Over SOAP the name of an operation is the element of its request.
  return eachOperation(soap, options, (text, known, { name }) =>
    text.replace(new RegExp(`^ {4}${known}:$`, 'm'), `    ${name}:`),
  );
}

type Operation = OtrsOptions['operations']['ticket_get'];

function eachOperation(
  definition: string,
  { operations }: OtrsOptions,
  change: (text: string, known: string, operation: Operation) => string,
): string {
  return Object.entries(operations).reduce(
    (text, [key, operation]) =>
      operation === undefined || operation === false ? text : change(text, NAMES[key as keyof typeof NAMES], operation),
    definition,
  );
}

/** Some routes take several methods; one that is not among them takes their place. */
function withRoute(definition: string, known: string, { method, route }: Operation): string {
  const place = new RegExp(
    `(^ {8}${known}:\\n {10}ParserBackend: JSON\\n {10}RequestMethod:\\n)((?: {12}- \\w+\\n)+)( {10}Route: ).*`,
    'm',
  );
  return definition.replace(place, (_, before: string, methods: string, between: string) => {
    const taken = methods.includes(` ${method}\n`) ? methods : `            - ${method}\n`;
    return `${before}${taken}${between}${JSON.stringify(route)}`;
  });
}

const FIELD_EVENT = /^ {8}- Event: TicketDynamicFieldUpdate_\w+\n(?: {10}.*\n)+/gm;

/** Events are called after the field, so other names of fields need other events. */
function withFieldEvents(definition: string, fields: readonly string[]): string {
  const [pattern = ''] = definition.match(FIELD_EVENT) ?? [];
  const events = fields.map((name) =>
    pattern.replace(/TicketDynamicFieldUpdate_\w+/, `TicketDynamicFieldUpdate_${name}`),
  );
  let isFirst = true;
  return definition.replace(FIELD_EVENT, () => {
    const text = isFirst ? events.join('') : '';
    isFirst = false;
    return text;
  });
}

const HEADER = /^ {6}AdditionalHeaders:\n {8}X-Bridge-Secret: "BRIDGE_SECRET"\n/m;

/** The requester's part stands last in the definition. */
function withProof(definition: string, proof: WebServiceProof): string {
  switch (proof.by) {
    case 'header':
      return definition.replace('X-Bridge-Secret: "BRIDGE_SECRET"', `${proof.header}: "BRIDGE_SECRET"`);
    case 'basic':
      return definition.replace(
        HEADER,
        () =>
          `      Authentication:\n        AuthType: BasicAuth\n        BasicAuthUser: ${JSON.stringify(proof.user)}\n        BasicAuthPassword: ${JSON.stringify(proof.password)}\n`,
      );
    case 'nothing':
      return definition.replace(HEADER, '');
    case 'none':
      return definition.slice(0, definition.indexOf('\nRequester:\n') + 1);
  }
}
