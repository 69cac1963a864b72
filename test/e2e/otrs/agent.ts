import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { asServiceUser } from './service-user.ts';

export interface Upload {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface TicketDraft {
  readonly queue: string;
  readonly customer: string;
  readonly title: string;
  readonly body: string;
  readonly type: string;
  readonly service: string;
  readonly priority: string;
  /** `Назначено` unless given. */
  readonly state?: string;
  /** `text/plain` unless given. */
  readonly mimeType?: string;
  readonly attachments?: readonly Upload[];
}

export interface ArticleDraft {
  readonly subject: string;
  readonly body: string;
  readonly public: boolean;
  readonly mimeType?: string;
  readonly attachments?: readonly Upload[];
}

export interface OpenedTicket {
  readonly id: string;
  readonly number: string;
  readonly articleId: string;
}

export interface ReadArticle {
  readonly id: string;
  readonly sender: 'agent' | 'customer' | 'system';
  readonly public: boolean;
  readonly from: string;
  readonly subject: string;
  readonly body: string;
  readonly marker: string | null;
  readonly createdBy: string;
  readonly created: string;
  readonly attachments: readonly { readonly name: string; readonly contentType: string; readonly size: number }[];
}

export interface ReadTicket {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly queue: string;
  readonly state: string;
  readonly priority: string;
  readonly type: string;
  readonly service: string;
  readonly customer: string;
  readonly owner: string;
  /** Without a zone, in the help desk's time zone, like every time here. */
  readonly changed: string;
  /** Dynamic fields with a value. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly articles: readonly ReadArticle[];
  readonly history: readonly {
    readonly what: string;
    readonly by: string;
    readonly name: string;
    readonly at: string;
  }[];
}

/** What one person does in the help desk. Each act resolves when the help desk has done it and raised its events. */
export interface Agent {
  open(ticket: TicketDraft): Promise<OpenedTicket>;
  move(ticket: string, queue: string): Promise<void>;
  /** A pending state needs `pendingMinutes`. */
  setState(ticket: string, state: string, pendingMinutes?: number): Promise<void>;
  setPriority(ticket: string, priority: string): Promise<void>;
  setType(ticket: string, type: string): Promise<void>;
  setService(ticket: string, service: string): Promise<void>;
  setTitle(ticket: string, title: string): Promise<void>;
  setOwner(ticket: string, owner: string): Promise<void>;
  /** An empty value clears. */
  setField(ticket: string, name: string, value: string): Promise<void>;
  /** Answers with the article's id. */
  write(ticket: string, article: ArticleDraft): Promise<string>;
  merge(ticket: string, into: string): Promise<void>;
  /** Makes a new ticket of one article. `fields` are those that the page copies: of the ticket and of the article. */
  split(ticket: string, article: string, fields?: readonly string[]): Promise<OpenedTicket>;
  delete(ticket: string): Promise<void>;
  archive(ticket: string, flag: 'y' | 'n'): Promise<void>;
}

/** The people of one help desk, and its database as it is. */
export interface People {
  agent(login: string): Agent;
  /** A customer's follow-up, as from the customer's page. Answers with the article's id. */
  writeAsCustomer(ticket: string, from: string, article: Omit<ArticleDraft, 'public'>): Promise<string>;
  /** The ticket without the bridge's interface in between; undefined where there is none. */
  ticket(id: string): Promise<ReadTicket | undefined>;
  /** Webhooks not yet delivered: to be sent now, and to be sent again later because the bridge did not take them. */
  webhooksWaiting(): Promise<Waiting>;
  /** The same of the events that the notifier of the add-on package sends. */
  eventsWaiting(): Promise<Waiting>;
  /** By ticket that this one is linked to, how: e.g. `ParentChild Target` for a child. */
  links(ticket: string): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

export interface Waiting {
  readonly now: number;
  readonly later: number;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Lets people into the help desk that runs in `folder`, which may have been started by another process.
 * The environment is that of the help desk's other processes.
 */
export function startPeople(folder: string): People {
  const child = spawn('setpriv', [...asServiceUser, '--pdeathsig', 'KILL', 'perl', join(folder, 'agent.pl')], {
    cwd: join(folder, 'otrs'),
    env: { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting: Pending[] = [];
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(() => {
    for (const { reject } of waiting.splice(0)) {
      reject(new Error(`agent.pl ended: ${said.trim()}`));
    }
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const next = waiting.shift();
    const answer: { ok?: unknown; error?: string } = JSON.parse(line);
    if (answer.error !== undefined) {
      next?.reject(new Error(answer.error.trim()));
      return;
    }
    next?.resolve(answer.ok);
  });

  function act(request: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (child.exitCode !== null || child.signalCode !== null) {
      return Promise.reject(new Error(`agent.pl has ended: ${said.trim()}`));
    }
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  return {
    agent: (login) => agentNamed(login, act),
    async writeAsCustomer(ticket, from, article) {
      const attachments = encoded(article.attachments);
      return String(await act({ do: 'article', by: 'customer', public: true, ticket, from, ...article, attachments }));
    },
    async ticket(id) {
      // The shape is that of `Read` in agent.pl.
      return ((await act({ do: 'read', ticket: id })) as ReadTicket | null) ?? undefined;
    },
    async webhooksWaiting() {
      // The shape is that of `Waiting` in agent.pl.
      return (await act({ do: 'waiting', type: 'GenericInterface' })) as Waiting;
    },
    async eventsWaiting() {
      return (await act({ do: 'waiting', type: 'AsynchronousExecutor', name: 'OtrsJiraBridge' })) as Waiting;
    },
    async links(ticket) {
      // The shape is that of `Links` in agent.pl.
      return (await act({ do: 'links', ticket })) as Record<string, string>;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

function agentNamed(login: string, act: (request: Readonly<Record<string, unknown>>) => Promise<unknown>): Agent {
  const change = async (request: Readonly<Record<string, unknown>>) => {
    await act({ login, ...request });
  };
  return {
    async open(draft) {
      const attachments = encoded(draft.attachments);
      // The shape is that of `Create` in agent.pl.
      return (await act({ do: 'create', login, state: 'Назначено', ...draft, attachments })) as OpenedTicket;
    },
    move: (ticket, queue) => change({ do: 'move', ticket, queue }),
    setState: (ticket, state, pendingMinutes) => change({ do: 'state', ticket, state, pendingMinutes }),
    setPriority: (ticket, priority) => change({ do: 'priority', ticket, priority }),
    setType: (ticket, type) => change({ do: 'type', ticket, type }),
    setService: (ticket, service) => change({ do: 'service', ticket, service }),
    setTitle: (ticket, title) => change({ do: 'title', ticket, title }),
    setOwner: (ticket, owner) => change({ do: 'owner', ticket, owner }),
    setField: (ticket, name, value) => change({ do: 'field', ticket, name, value }),
    merge: (ticket, into) => change({ do: 'merge', ticket, into }),
    async split(ticket, article, fields = []) {
      // The shape is that of `Split` in agent.pl.
      return (await act({ do: 'split', login, ticket, article, fields })) as OpenedTicket;
    },
    delete: (ticket) => change({ do: 'delete', ticket }),
    archive: (ticket, flag) => change({ do: 'archive', ticket, archiveflag: flag }),
    async write(ticket, article) {
      const attachments = encoded(article.attachments);
      return String(await act({ do: 'article', login, ticket, ...article, attachments }));
    },
  };
}

function encoded(uploads: readonly Upload[] = []): readonly object[] {
  return uploads.map(({ name, contentType, content }) => ({ name, contentType, content: content.toString('base64') }));
}
