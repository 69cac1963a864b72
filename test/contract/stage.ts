import type { HookListener } from '../e2e/otrs/hook-listener.ts';
import { createNormaliser, type Normaliser } from './normalise.ts';
import type { Acting, Party } from './party.ts';

export type Transport = 'rest' | 'soap';

export type Data = Readonly<Record<string, unknown>>;

/** A step of the contract: what it answers is compared. */
export type Script = Readonly<Record<string, (stage: Stage) => Promise<unknown>>>;

export interface RawRequest {
  readonly method: string;
  /** Behind the name of the web service. */
  readonly path?: string;
  readonly webService?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where the script is played: one help desk, one transport. */
export interface Stage {
  readonly transport: Transport;
  /** Calls an operation as the bridge's agent, by default within a session. */
  call(operation: string, data?: Data, as?: Credentials): Promise<unknown>;
  /** Like `call`; answers with the values of the answer. */
  ask(operation: string, data?: Data): Promise<Values>;
  raw(request: RawRequest): Promise<unknown>;
  agent(login: string): Acting;
  readonly party: Party;
  readonly session: Credentials;
  /** Ids by the names that the script gives them. */
  readonly ids: ReadonlyMap<string, string>;
  /** The TicketID that the script gave a name. */
  id(name: string): string;
  remember(name: string, values: Pick<Values, 'TicketID' | 'TicketNumber'>): void;
  /** Begins a step. */
  begin(): void;
  /** What the history tells since the last time, a line each. */
  history(ticket: string): Promise<unknown>;
  /** That, and the webhooks since the last time. */
  news(ticket: string): Promise<unknown>;
  /** The webhooks alone. */
  webhooks(): Promise<unknown>;
}

/** The first value under each of the names that a script needs, as text. */
export interface Values {
  readonly TicketID: string;
  readonly TicketNumber: string;
  readonly ArticleID: string;
  readonly SessionID: string;
}

export type Credentials = Data;

const NAMESPACE = 'http://www.otrs.org/TicketConnector/';

export async function openStage(party: Party, transport: Transport): Promise<Stage> {
  const ids = new Map<string, string>();
  const normaliser = createNormaliser(party.userIds, ids, Date.now);
  const { json } = normaliser;
  const entries = new Map<string, number>();
  let session: Credentials = {};
  let told = (await party.webhooks()).length;

  const send = transport === 'rest' ? sendRest : sendSoap;
  const exchange = (operation: string, data: Data = {}, as: Credentials = session) => send(party, operation, data, as);

  const stage: Stage = {
    transport,
    party,
    get session() {
      return session;
    },
    ids,
    id: (name) => ids.get(`ticket ${name}`) ?? name,
    remember(name, { TicketID, TicketNumber }) {
      ids.set(`ticket ${name}`, TicketID).set(`number of ${name}`, TicketNumber);
    },
    begin: normaliser.begin,
    agent: (login) => party.agent(login),
    call: async (operation, data, as) => shown(await exchange(operation, data, as), normaliser),
    ask: async (operation, data) => valuesOf((await exchange(operation, data)).text),
    raw: async (request) => {
      const webService = request.webService ?? (transport === 'rest' ? party.webService : party.soapWebService);
      return shown(await fetchAnswer(party, { ...request, webService }), normaliser);
    },
    async history(ticket) {
      // Names of ids that the entries hold.
      await stage.call('TicketGet', { TicketID: ticket });
      const history = await historyOf(party, session, ticket);
      const before = entries.get(ticket) ?? 0;
      entries.set(ticket, history.length);
      return (json(history.slice(before)) as readonly Entry[]).map(toLine);
    },
    async news(ticket) {
      return { history: await stage.history(ticket), webhooks: await stage.webhooks() };
    },
    async webhooks() {
      const hooks = await party.webhooks();
      const since = hooks.slice(told).toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
      told = hooks.length;
      return json(since);
    },
  };
  const { login, password } = party.bridge;
  const { SessionID } = await stage.ask('SessionCreate', { UserLogin: login, Password: password });
  session = { SessionID };
  return stage;
}

/** Plays a script; a step that fails ends it. */
export async function play(stage: Stage, script: Script): Promise<Readonly<Record<string, unknown>>> {
  const answers: Record<string, unknown> = {};
  for (const [name, step] of Object.entries(script)) {
    stage.begin();
    answers[`${stage.transport}: ${name}`] = await step(stage);
  }
  return answers;
}

interface Entry {
  readonly [key: string]: unknown;
}

/** Type, text, author and article, and the ticket as it was then. */
function toLine(entry: Entry): string {
  const { HistoryType, Name, CreateBy, ArticleID, OwnerID, QueueID, StateID, PriorityID, TypeID } = entry;
  const then = [OwnerID, QueueID, StateID, PriorityID, TypeID].map((id) =>
    String(id).replaceAll(/^id of | \(number\)$/g, ''),
  );
  return `${HistoryType} ${Name} | by ${CreateBy} | ${ArticleID} | ${then.join(', ')}`;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function shown({ status, type, text }: Answer, { json, xml }: Normaliser): unknown {
  if (status === 0) {
    return 'the connection was closed';
  }

  const isXml = text.startsWith('<?xml');
  const body = isXml ? xml(text) : type.startsWith('application/json') ? json(JSON.parse(text)) : text;
  // The sentences of the two XML parsers differ; the first line is OTRS's own.
  return { status, type, body: typeof body === 'string' ? body.replace(/ at line \d.*$/s, '') : body };
}

async function fetchAnswer(
  party: Party,
  { method, path = '', webService, headers, body }: RawRequest,
): Promise<Answer> {
  try {
    const answer = await fetch(`${party.baseUrl}/nph-genericinterface.pl/Webservice/${webService}${path}`, {
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
  } catch {
    return { status: 0, type: '', text: '' };
  }
}

const routes: Readonly<Record<string, readonly [string, string]>> = {
  SessionCreate: ['POST', '/Session'],
  SessionGet: ['GET', '/Session/:SessionID'],
  SessionRemove: ['DELETE', '/Session/:SessionID'],
  TicketCreate: ['POST', '/Ticket'],
  TicketGet: ['GET', '/Ticket/:TicketID'],
  TicketUpdate: ['PATCH', '/Ticket/:TicketID'],
  TicketHistoryGet: ['GET', '/TicketHistory/:TicketID'],
  TicketSearch: ['POST', '/TicketSearch'],
  LinkAdd: ['POST', '/TicketLink'],
};

function sendRest(party: Party, operation: string, data: Data, as: Credentials): Promise<Answer> {
  const [method = '', route = ''] = routes[operation] ?? [];
  const [, inRoute = ''] = /:(\w+)/.exec(route) ?? [];
  const path = route.replace(/:\w+/, encodeURIComponent(String(data[inRoute] ?? '')));
  const rest = Object.entries(data).filter(([key]) => key !== inRoute);
  const headers = Object.fromEntries(Object.entries(as).map(([key, value]) => [`X-OTRS-Header-${key}`, String(value)]));
  const query = new URLSearchParams(rest.map(([key, value]) => [key, String(value)]));
  const isGet = method === 'GET';
  return fetchAnswer(party, {
    method,
    path: isGet && query.size > 0 ? `${path}?${query}` : path,
    webService: party.webService,
    headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
    ...(isGet || rest.length === 0 ? {} : { body: JSON.stringify(Object.fromEntries(rest)) }),
  });
}

function sendSoap(party: Party, operation: string, data: Data, as: Credentials): Promise<Answer> {
  return fetchAnswer(party, {
    method: 'POST',
    webService: party.soapWebService,
    headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' },
    body: envelope(`<t:${operation}>${toXml({ ...as, ...data })}</t:${operation}>`),
  });
}

export function envelope(inner: string, namespace = NAMESPACE): string {
  return `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="${namespace}"><e:Header/><e:Body>${inner}</e:Body></e:Envelope>`;
}

export function toXml(data: object): string {
  return Object.entries(data)
    .flatMap(([key, value]) => [value].flat().map((each) => [key, each] as const))
    .map(([key, value]) => {
      if (value === null) {
        return `<${key} xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true"/>`;
      }
      const inner =
        typeof value === 'object'
          ? toXml(value)
          : String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;');
      return `<${key}>${inner}</${key}>`;
    })
    .join('');
}

async function historyOf(party: Party, session: Credentials, ticket: string): Promise<readonly object[]> {
  const { text } = await sendRest(party, 'TicketHistoryGet', { TicketID: ticket }, session);
  const answer: { TicketHistory?: readonly { readonly History: readonly object[] }[] } = JSON.parse(text);
  return answer.TicketHistory?.[0]?.History ?? [];
}

function valuesOf(text: string): Values {
  const value = (key: string) =>
    new RegExp(`"${key}":"?([^",}]+)|<${key}>([^<]+)`)
      .exec(text)
      ?.slice(1)
      .find((each) => each !== undefined) ?? '';
  return {
    TicketID: value('TicketID'),
    TicketNumber: value('TicketNumber'),
    ArticleID: value('ArticleID'),
    SessionID: value('SessionID'),
  };
}

/** Webhooks come in no order; by the names of their events they have one. */
function nameOf(hook: object): string {
  return /"event":"(\w+)/i.exec(JSON.stringify(hook))?.[1] ?? '';
}

/** Bodies of the webhooks that a listener took, once `settled` says that no more are to come. */
export function webhooksOf(listener: HookListener, settled: () => Promise<void>): Party['webhooks'] {
  return async () => {
    await settled();
    return listener.hooks.map(({ body }) => body);
  };
}
