import type { ExpectedName, ExpectedNames, ExpectedState } from '../../../src/connector.ts';
import type { OtrsOptions } from '../options.ts';
import { webServiceUrl } from '../transport.ts';
import { eventsIn } from './web-service-file.ts';

/** What an administrator of OTRS has to create. Lists of names say where the rules use each. */
export interface OtrsGuide {
  readonly agent: { readonly login: string; readonly userId?: string };
  readonly settings: readonly { readonly name: string; readonly value: string; readonly why: string }[];
  readonly dynamicFields: readonly GuideField[];
  readonly states: readonly { readonly name: string; readonly types: readonly string[]; readonly at: string }[];
  readonly ticketQueues: readonly GuideQueue[];
  readonly services: readonly ExpectedName[];
  readonly types: readonly ExpectedName[];
  readonly priorities: readonly ExpectedName[];
  /** Logins of agents that the rules name. */
  readonly owners: readonly ExpectedName[];
  readonly webService: {
    readonly name: string;
    readonly address: string;
    readonly transport: OtrsOptions['transport'];
    readonly operations: readonly {
      readonly name: string;
      readonly method: string;
      readonly route: string;
      readonly needs?: 'addon';
    }[];
    /** Where the webhooks go; absent where the configuration does not tell. */
    readonly sendsTo?: string;
    readonly provesItselfBy: HookProof;
    readonly events: readonly string[];
  };
  /** What the configuration and the rules do not tell, so that a person has to find out. */
  readonly unknown: readonly string[];
}

export interface GuideField {
  readonly object: 'Ticket' | 'Article';
  readonly name: string;
  /** Name in the mappings; absent for the bridge's own marks. */
  readonly logical?: string;
  /** Field types of OTRS that will do, the best one first. */
  readonly types: readonly string[];
  /** Keys of a dropdown; their labels are free. */
  readonly keys: readonly string[];
  readonly writtenBy: 'people' | 'bridge';
  /** Where the rules use it; empty if they do not. */
  readonly at: string;
}

export interface GuideQueue extends ExpectedName {
  /** Permission of the bridge's agent on the group of the ticket queue. */
  readonly permission: 'rw';
  readonly uses: readonly ('watched' | 'named by the rules' | 'tickets are opened here')[];
}

/** `header`: a secret in a header of the web service. `signature`: the notifier of the add-on package. */
export type HookProof = 'header' | 'basic' | 'signature' | 'nothing';

export interface GuideFacts {
  readonly options: OtrsOptions;
  readonly expected: ExpectedNames;
  /** Where OTRS reaches the bridge. */
  readonly bridgeUrl?: string;
  readonly proof: HookProof;
  /** The web service as it would be imported, with whatever in place of the secret. */
  readonly webService: string;
}

export function describeSetUp(facts: GuideFacts): OtrsGuide {
  const { options, expected, bridgeUrl, proof } = facts;
  const { user_id: userId, login } = options;
  return {
    agent: { login, ...(userId === undefined ? {} : { userId }) },
    settings: settingsFor(facts),
    dynamicFields: fieldsFor(options, expected),
    states: expected.ticketStates.map((state) => ({ name: state.name, types: stateTypes(state), at: state.at })),
    ticketQueues: queuesFor(options, expected),
    services: servicesFor(options, expected),
    types: expected.ticketTypes,
    priorities: expected.ticketPriorities,
    owners: expected.ticketOwners,
    webService: {
      name: options.web_service,
      address: webServiceUrl(options),
      transport: options.transport,
      operations: operationsOf(options),
      ...(bridgeUrl === undefined ? {} : { sendsTo: `${bridgeUrl}/webhooks/otrs` }),
      provesItselfBy: proof,
      events: eventsIn(facts.webService),
    },
    unknown: unknownTo(facts),
  };
}

function settingsFor({ options, expected, proof, bridgeUrl }: GuideFacts): OtrsGuide['settings'] {
  const isSet = (list: readonly unknown[]) => list.length > 0;
  return [
    {
      name: 'OTRSTimeZone',
      value: options.time_zone,
      why: 'OTRS writes its times without a zone; the bridge reads them in otrs.time_zone',
    },
    ...(isSet(expected.ticketTypes) ? [{ name: 'Ticket::Type', value: 'on', why: 'the rules tell types apart' }] : []),
    ...(isSet(expected.services) ? [{ name: 'Ticket::Service', value: 'on', why: 'the rules go by services' }] : []),
    ...(proof === 'signature'
      ? [
          {
            name: 'OtrsJiraBridge::Notifier###URL',
            value:
              bridgeUrl === undefined ? 'the address of the bridge and /webhooks/otrs' : `${bridgeUrl}/webhooks/otrs`,
            why: 'the notifier of the add-on package tells of changes',
          },
          {
            name: 'OtrsJiraBridge::Notifier###Key',
            value: 'the key in http.webhooks.otrs.signature_secrets',
            why: 'each event is signed with it',
          },
          {
            name: 'OtrsJiraBridge::Notifier###OwnLogin',
            value: options.login,
            why: 'what the bridge does is not told',
          },
        ]
      : []),
  ];
}

function fieldsFor(options: OtrsOptions, expected: ExpectedNames): readonly GuideField[] {
  const shown = new Set(expected.ticketFieldsShown.map(({ name }) => name));
  const places = new Map(expected.ticketFields.map(({ name, at }) => [name, at]));
  const mark = (object: GuideField['object'], name: string): GuideField => ({
    object,
    name,
    types: TEXT,
    keys: [],
    writtenBy: 'bridge',
    at: '',
  });
  return [
    ...Object.entries(options.dynamic_fields).map(([logical, name]): GuideField => {
      const keys = expected.ticketFieldValues.filter(({ field }) => field === logical).map((value) => value.name);
      return {
        object: 'Ticket',
        name,
        logical,
        ...shapeOf(logical, keys, options),
        writtenBy: shown.has(logical) ? 'bridge' : 'people',
        at: places.get(logical) ?? '',
      };
    }),
    mark('Ticket', options.ticket_marker_field),
    mark('Article', options.article_marker_field),
  ];
}

const TEXT = ['Text', 'TextArea'] as const;

function shapeOf(logical: string, keys: readonly string[], { checkboxes, moments }: OtrsOptions) {
  if (checkboxes.includes(logical)) {
    return { types: ['Checkbox'], keys: [] };
  }

  if (moments.includes(logical)) {
    return { types: ['DateTime'], keys: [] };
  }

  return keys.length === 0 ? { types: TEXT, keys } : { types: ['Dropdown'], keys };
}

/** A state in which the terms pause should remind; any other that waits may, and OTRS asks for no more of it. */
function stateTypes({ phase, pauses }: ExpectedState): readonly string[] {
  switch (phase) {
    case 'new':
      return ['new'];
    case 'done':
      return ['closed'];
    case 'pending':
      return pauses === true ? ['pending reminder', 'pending auto'] : ['open', 'pending reminder', 'pending auto'];
    default:
      return ['open'];
  }
}

function queuesFor({ watch }: OtrsOptions, expected: ExpectedNames): readonly GuideQueue[] {
  const lists = [
    { use: 'watched', names: watch.ticket_queues.map((name) => ({ name, at: 'otrs.watch.ticket_queues' })) },
    { use: 'named by the rules', names: expected.ticketQueues },
    { use: 'tickets are opened here', names: expected.tickets },
  ] as const;
  const all = lists.flatMap(({ use, names }) => names.map(({ name, at }) => ({ use, name, at })));
  return [...Map.groupBy(all, ({ name }) => name)].map(([name, uses]) => ({
    name,
    permission: 'rw',
    uses: [...new Set(uses.map(({ use }) => use))],
    at: [...new Set(uses.flatMap(({ at }) => at.split(', ')))].join(', '),
  }));
}

function servicesFor({ watch }: OtrsOptions, { services }: ExpectedNames): readonly ExpectedName[] {
  const known = new Set(services.map(({ name }) => name));
  const others = watch.services.filter((name) => !known.has(name));
  return [...services, ...others.map((name) => ({ name, at: 'otrs.watch.services' }))];
}

function operationsOf({ operations }: OtrsOptions) {
  return Object.entries(operations).flatMap(([key, operation]) =>
    operation === undefined || operation === false
      ? []
      : [
          {
            name: operation.name,
            method: operation.method,
            route: operation.route,
            ...(key === 'link_add' ? { needs: 'addon' as const } : {}),
          },
        ],
  );
}

function unknownTo({ options, expected, bridgeUrl, proof }: GuideFacts): readonly string[] {
  const groups = 'Which groups the ticket queues belong to: the agent needs its permission on each of them.';
  const user =
    'The user id of the bridge’s agent (otrs.user_id): `bridge check` tells it. Without it the bridge’s own changes send webhooks too, which is more load and no harm.';
  const url =
    'Where OTRS reaches the bridge (http.public_url): the web service cannot be written without it, and http.host says nothing that OTRS could use.';
  const local = `Whether OTRS reaches the bridge at ${bridgeUrl}: http.public_url is not set, so that is only where the bridge listens.`;
  const unwatched = unwatchedOf(options, expected);
  return [
    groups,
    ...(options.user_id === undefined ? [user] : []),
    ...(bridgeUrl === undefined ? [url] : isLoopback(bridgeUrl) ? [local] : []),
    ...(proof === 'nothing' ? ['How webhooks prove themselves: http.webhooks.otrs takes them from anybody.'] : []),
    ...(expected.ticketFieldValues.length > 0 ? ['What the keys of dropdowns are called: labels are for people.'] : []),
    ...(expected.services.length > 0 ? ['Which customers may use which services (Customer Users ↔ Services).'] : []),
    ...(unwatched.length > 0
      ? [
          `Whether the sweep should see ${unwatched.map((name) => `«${name}»`).join(', ')}: the rules open tickets there and otrs.watch does not name them, so only webhooks tell of their changes.`,
        ]
      : []),
  ];
}

/** Where the bridge opens tickets whose changes no sweep would find. */
export function unwatchedOf({ watch }: Pick<OtrsOptions, 'watch'>, { tickets }: ExpectedNames): readonly string[] {
  const { ticket_queues: queues, services } = watch;
  const isWatched = (name: string, service: string) =>
    (queues.length === 0 || queues.includes(name)) && (services.length === 0 || services.includes(service));
  return [...new Set(tickets.filter(({ name, service }) => !isWatched(name, service)).map(({ name }) => name))];
}

function isLoopback(url: string): boolean {
  return /^https?:\/\/(?:127\.|localhost\b|\[::1\])/.test(url);
}
