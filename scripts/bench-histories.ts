// Tickets with a history, for the bench: what a ticket of line 2 goes through from registration to closing.
import { DateTime } from 'luxon';
import type { Comment, HistoryEntry, PropertyChange, Snapshot } from '../src/domain/ticket.ts';

const MINUTE = 60_000;
const names = ['1 Критичный', '2 Высокий', '3 Средний', '4 Низкий'];

/** About 25 entries: registration, letters, one to three pauses, work, fields, and often a change of priority. */
export function randomTicket(random: () => number): Snapshot {
  const comments: Comment[] = [];
  const history: HistoryEntry[] = [];
  const created = DateTime.fromMillis(Date.UTC(2025, 0, 10) + Math.floor(random() * 700 * 1440) * MINUTE, {
    zone: 'utc',
  });
  let at = created;
  const shown = { state: 'Назначено', priority: names[Math.floor(random() * 4)] ?? '' };
  const later = (minutes: number) => {
    at = at.plus({ minutes: 1 + Math.floor(random() * minutes) });
  };
  const enter = (rest: Partial<HistoryEntry>) => {
    history.push({ at, by: '21', what: 'Misc', detail: '', ...rest });
  };
  const change = (property: PropertyChange['property'], to: string, from?: string) => {
    enter({ changes: [{ property, ...(from === undefined ? {} : { from }), to }] });
  };
  const move = (property: 'state' | 'priority', to: string) => {
    change(property, to, shown[property]);
    shown[property] = to;
  };
  const write = (by: Comment['by'], visibility: Comment['visibility'], subject: string) => {
    const id = String(100 + comments.length);
    comments.push({ id, author: 'Ольга Петрова', at, subject, text: 'Текст', by, visibility });
    enter({ what: 'AddNote', commentId: id });
  };

  change('ticket_queue', 'NTTM::2ЛТП');
  change('priority', shown.priority);
  change('state', shown.state);
  write('requester', 'public', 'Не создаётся заявка');
  write('system', 'public', 'Ваше обращение принято');
  change('service', 'NTTM: Техническая поддержка');
  later(30);
  enter({ what: 'OwnerUpdate', changes: [{ property: 'owner', to: 'olga' }] });
  move('state', 'В работе');
  for (let pauses = 1 + Math.floor(random() * 3); pauses > 0; pauses -= 1) {
    later(90);
    write('agent', 'public', 'Уточните, пожалуйста');
    move('state', 'Ожидание информации');
    later(1_440);
    write('requester', 'public', 'Re: Уточните');
    move('state', 'В работе');
  }
  later(600);
  if (random() < 0.3) {
    move('priority', names[Math.floor(random() * 4)] ?? '');
  }
  write('agent', 'internal', 'Для памяти');
  change('fields.diagnosis_done', '1');
  change('fields.workaround', 'given');
  later(600);
  write('agent', 'public', 'Ответ по обращению');
  change('fields.solution', 'Перезапущен обмен с ЕИП');
  change('fields.closure_code', 'fixed');
  if (random() < 0.5) {
    move('state', 'Закрыто');
  }
  return snapshotOf({ created, changed: at, comments, history, shown });
}

function snapshotOf(ticket: {
  readonly created: DateTime;
  readonly changed: DateTime;
  readonly comments: readonly Comment[];
  readonly history: readonly HistoryEntry[];
  readonly shown: { readonly state: string; readonly priority: string };
}): Snapshot {
  return {
    ref: { system: 'otrs', id: '1' },
    url: '',
    title: 'Не создаётся заявка',
    text: '',
    ...ticket.shown,
    phase: ticket.shown.state === 'Закрыто' ? 'done' : 'open',
    type: 'Инцидент',
    service: 'NTTM: Техническая поддержка',
    ticketQueue: 'NTTM::2ЛТП',
    fields: {},
    comments: ticket.comments,
    attachments: [],
    history: ticket.history,
    createdAt: ticket.created,
    changedAt: ticket.changed,
  };
}
