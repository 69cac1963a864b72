import type { DateTime } from 'luxon';

/** As the interface gives it. */
export interface SandboxTicket {
  readonly id: string;
  readonly number: string;
  readonly url: string;
  readonly queue: string;
  readonly service: string;
  readonly type: string;
  readonly priority: string;
  readonly title: string;
  readonly text: string;
  readonly state: string;
  readonly kind: 'new' | 'open' | 'waiting' | 'done';
  readonly requester?: string;
  readonly mark?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly comments: readonly SandboxComment[];
  readonly created_at: string;
  readonly changed_at: string;
}

export interface SandboxComment {
  readonly id: string;
  readonly author: string;
  readonly at: string;
  readonly text: string;
  readonly public: boolean;
  readonly mark?: string;
}

/** A call that the system refuses. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const kinds: Readonly<Record<string, SandboxTicket['kind']>> = {
  Назначено: 'new',
  'В работе': 'open',
  'Ждём ответа': 'waiting',
  Выполнено: 'done',
};

const about = {
  name: 'Хранилище данных',
  queues: ['Выгрузки', 'Отчёты'],
  states: Object.keys(kinds),
  fields: ['parent_ticket', 'external_number', 'solution'],
};

const blank = { queue: 'Выгрузки', service: '', type: 'Инцидент', priority: 'Обычный', title: '', text: '' };

/** The tickets of the system, and what people and the interface do with them. Changes are told with who made them. */
export function keepTickets(now: () => DateTime, tell: (ticket: SandboxTicket, by: string) => void) {
  const tickets = new Map<string, SandboxTicket>();
  let lastId = 0;
  const nextId = () => {
    lastId += 1;
    return String(lastId);
  };
  const moment = () => now().toUTC().toISO() ?? '';

  const ticket = (id: string): SandboxTicket => {
    const found = tickets.get(id);
    if (found === undefined) {
      throw new Refusal(404, `there is no ticket ${id}`);
    }
    return found;
  };
  const put = (changed: SandboxTicket, by: string): SandboxTicket => {
    tickets.set(changed.id, changed);
    tell(changed, by);
    return changed;
  };
  const withFields = (fields: Readonly<Record<string, string>>, changes: Readonly<Record<string, string>> = {}) => {
    const stranger = Object.keys(changes).find((name) => !about.fields.includes(name));
    if (stranger !== undefined) {
      throw new Refusal(422, `there is no field ${stranger}`);
    }
    return Object.fromEntries(Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== ''));
  };
  const kindOf = (state: string): SandboxTicket['kind'] => {
    const kind = kinds[state];
    if (kind === undefined) {
      throw new Refusal(422, `there is no state «${state}»`);
    }
    return kind;
  };

  return {
    about,
    all: (): readonly SandboxTicket[] => [...tickets.values()],
    ticket,
    open(content: Partial<SandboxTicket>, by: string): SandboxTicket {
      const { state = 'Назначено', queue = blank.queue, mark } = content;
      if (!about.queues.includes(queue)) {
        throw new Refusal(422, `there is no queue «${queue}»`);
      }
      const id = nextId();
      const number = `DWH-${id}`;
      const born = { id, number, url: `https://dwh.example.test/tickets/${id}`, created_at: moment() };
      const fields = withFields({}, content.fields);
      const standing = { state, kind: kindOf(state), fields, comments: [], changed_at: born.created_at };
      return put({ ...blank, ...content, ...born, ...standing, ...(mark ? { mark } : {}) }, by);
    },
    change(id: string, { state, fields }: Partial<SandboxTicket>, by: string): SandboxTicket {
      const before = ticket(id);
      const next = { ...before, fields: withFields(before.fields, fields), changed_at: moment() };
      return put(state === undefined ? next : { ...next, state, kind: kindOf(state) }, by);
    },
    comment(id: string, content: Pick<SandboxComment, 'text' | 'public'> & Partial<SandboxComment>, by: string) {
      const before = ticket(id);
      const comment = { ...content, id: nextId(), author: by, at: moment() };
      put({ ...before, comments: [...before.comments, comment], changed_at: comment.at }, by);
      return comment;
    },
  };
}

export type Tickets = ReturnType<typeof keepTickets>;
