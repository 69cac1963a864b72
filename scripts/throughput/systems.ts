// OTRS and JIRA of the sandbox in a process of their own, so that their work is not counted as the bridge's.
import { startSandboxJira } from '../../sandbox/jira/server.ts';
import { startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { answerQuestions } from './child.ts';

/** What the process can be asked for; `answerOf` has the answers. */
export type Question =
  | { readonly ask: 'addresses' }
  /** New tickets for line 3; answers with their ids. */
  | { readonly ask: 'tickets'; readonly count: number }
  /** How many of the tickets from that id on have an issue and show it. */
  | { readonly ask: 'carried'; readonly from: number }
  | { readonly ask: 'latency'; readonly of: 'none' | 'real' }
  | { readonly ask: 'otrs' | 'jira'; readonly is: 'down' | 'up' };

export interface Addresses {
  readonly otrs: string;
  readonly jira: string;
}

export interface Carried {
  /** Tickets that show their issue. */
  readonly shown: number;
  /** Tickets with more than one issue. */
  readonly doubled: number;
  /** Of both systems, since they were started. */
  readonly calls: number;
}

/** Measured on real systems, in milliseconds: what a call takes there. */
const REAL = { otrsRead: 24, otrsWrite: 112, create: 120, link: 60, jiraRead: 40 };

const otrs = await startSandboxOtrs();
const jira = await startSandboxJira();

answerQuestions((question: Question): unknown => {
  switch (question.ask) {
    case 'addresses':
      return { otrs: otrs.url, jira: jira.url } satisfies Addresses;
    case 'tickets':
      return Array.from({ length: question.count }, () => Number(newTicket()));
    case 'carried':
      return carriedSince(question.from);
    case 'latency':
      return setLatency(question.of === 'real');
    case 'otrs':
      return question.is === 'up' ? otrs.up() : otrs.down();
    case 'jira':
      return question.is === 'up' ? jira.up() : jira.down();
  }
});

function newTicket(): string {
  return otrs.createTicket({
    title: 'Не создаётся заявка в ЕИП — ошибка 500',
    text: 'Шаги: открыть инцидент, нажать «Отправить в ЕИП». Ожидаю: заявка создана. Получаю: ошибка 500.',
    service: 'NTTM: Техническая поддержка',
    type: 'Инцидент',
    priority: '3 Средний',
    ticketQueue: 'NTTM::3ЛТП',
  }).id;
}

function carriedSince(from: number): Carried {
  const tickets = otrs.tickets().filter(({ id }) => Number(id) >= from);
  const numbers = new Set(tickets.map(({ number }) => `otrs-${number}`));
  const labels = jira.issues().flatMap((issue) => issue.values.labels.filter((each) => numbers.has(each)));
  return {
    shown: tickets.filter(({ fields }) => fields.JiraKey !== undefined).length,
    doubled: labels.length - new Set(labels).size,
    calls: otrs.calls.length + jira.calls.length,
  };
}

function setLatency(isReal: boolean): void {
  otrs.slow((operation) => (isReal ? (/Get|Search/.test(operation) ? REAL.otrsRead : REAL.otrsWrite) : 0));
  jira.slow((method, path) =>
    isReal ? (method === 'GET' ? REAL.jiraRead : path.endsWith('/remotelink') ? REAL.link : REAL.create) : 0,
  );
}
