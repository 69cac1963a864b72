import { DateTime } from 'luxon';
import { type Clock, readClock } from '../../src/domain/clock/clock.ts';
import type { ClockPolicy, CompletedAt } from '../../src/domain/clock/rules.ts';
import { isOurService } from '../../src/domain/scope.ts';
import type { ChangingProperty, Comment, HistoryEntry, PropertyChange, Snapshot } from '../../src/domain/ticket.ts';
import { timelineOf } from '../../src/domain/timeline.ts';
import { shippedPolicy } from './policy.ts';
import { aComment, aTicket } from './records.ts';
import { moment, written } from './table-4.ts';

/** Something that happens to a ticket: a change of a property, or words. */
export type Happening = { readonly change: PropertyChange } | { readonly comment: Partial<Comment> };

/** A moment, `23.11.26 10:00` Moscow time or epoch milliseconds, and what happens then, in order. */
export type Step = readonly [moment: string | number, ...happenings: readonly Happening[]];

const names = ['', '1 Критичный', '2 Высокий', '3 Средний', '4 Низкий'];
const agent = { by: 'agent', author: 'Ольга Петрова' } as const;

export const support = 'NTTM: Техническая поддержка';
export const foreign = 'DWH: Техническая поддержка';

const change = (property: ChangingProperty, to: string | undefined): Happening => ({
  change: { property, ...(to === undefined ? {} : { to }) },
});
export const state = (to: string) => change('state', to);
export const works = state('В работе');
export const waits = state('Ожидание информации');
export const closes = state('Закрыто');
export const priority = (number: number) => change('priority', names[number] ?? `${number}`);
export const service = (to: string | undefined) => change('service', to);
export const owner = (to: string) => change('owner', to);
export const queue = (to: string) => change('ticket_queue', to);
export const field = (name: string, to?: string) => change(`fields.${name}`, to);

export const says = (comment: Partial<Comment>): Happening => ({ comment });
/** An agent's public article that asks the requester. */
export const asks = says({ ...agent, visibility: 'public', subject: 'Уточните, пожалуйста' });
/** The same written by the bridge: a question of line 3 (R51a). */
export const bridgeAsks = says({ ...agent, visibility: 'public', subject: 'Вопрос 3ЛТП', marker: 'comment:otrs:1' });
/** The requester's answer, in any channel. */
export const answers = says({
  by: 'requester',
  author: 'Анна Кузнецова',
  visibility: 'public',
  subject: 'Re: Уточните',
});
/** An agent's public article with an answer for the requester (R24). */
export const replies = (subject = 'Ответ по обращению') => says({ ...agent, visibility: 'public', subject });
export const notes = (subject: string, text = 'Проверьте ещё раз.') =>
  says({ ...agent, visibility: 'internal', subject, text });
export const robotWrites = says({
  by: 'system',
  author: 'OTRS',
  visibility: 'public',
  subject: 'Ваше обращение принято',
});

export interface Registration {
  readonly priority?: number;
  readonly state?: string;
  readonly service?: string;
  /** Moment of the last change as the ticket shows it; that of the last step if it is left out. */
  readonly changed?: string;
}

/** A ticket with its history as OTRS reports it: whole seconds, in the order of the steps, articles tied by their ids. */
export function aHistory(registered: string | number, registration: Registration, ...steps: readonly Step[]): Snapshot {
  const { priority: number = 3, state: first = 'Назначено', service: own = support } = registration;
  const opening: Step = [
    registered,
    queue('NTTM::2ЛТП'),
    priority(number),
    state(first),
    says({ by: 'requester', author: 'Анна Кузнецова', visibility: 'public', subject: 'Не создаётся заявка' }),
    service(own),
  ];
  const shown = new Map<string, string>();
  const comments: Comment[] = [];
  const history: HistoryEntry[] = [];
  for (const [when, ...happenings] of [opening, ...steps]) {
    const at = DateTime.fromMillis(millisOf(when), { zone: 'utc' });
    for (const happening of happenings) {
      history.push(entryOf(happening, at, shown, comments));
    }
  }
  const fields = [...shown].filter(([name, value]) => name.startsWith('fields.') && value !== '');
  const last = history.at(-1)?.at ?? DateTime.fromMillis(millisOf(registered));
  return aTicket({
    createdAt: DateTime.fromMillis(millisOf(registered), { zone: 'utc' }),
    changedAt: registration.changed === undefined ? last : DateTime.fromMillis(moment(registration.changed)),
    state: shown.get('state') ?? first,
    phase: shown.get('state') === 'Закрыто' ? 'done' : 'open',
    priority: shown.get('priority') ?? '',
    service: shown.get('service') ?? '',
    ticketQueue: shown.get('ticket_queue') ?? '',
    fields: Object.fromEntries(fields.map(([name, value]) => [name.slice('fields.'.length), value])),
    comments,
    history,
  });
}

function millisOf(at: string | number): number {
  return typeof at === 'number' ? at : moment(at);
}

function entryOf(happening: Happening, at: DateTime, shown: Map<string, string>, comments: Comment[]): HistoryEntry {
  const entry = { at, by: '21', detail: '' };
  if ('comment' in happening) {
    const comment = aComment({ id: String(100 + comments.length), at, ...happening.comment });
    comments.push(comment);
    return { ...entry, what: 'AddNote', commentId: comment.id };
  }

  const { property, to } = happening.change;
  const from = shown.get(property);
  shown.set(property, to ?? '');
  const known = from === undefined || from === '' ? {} : { from };
  return { ...entry, what: 'Update', changes: [{ property, ...known, ...(to === undefined ? {} : { to }) }] };
}

export interface Reading {
  readonly now: string;
  /** T0; complete at registration if it is left out, never if it is `missing`. */
  readonly t0?: string;
  readonly policy?: Partial<ClockPolicy>;
}

/** The clock of a ticket as the shipped mappings read it. */
export function clockAt(ticket: Snapshot, { now, t0, policy = {} }: Reading): Clock {
  const timeline = timelineOf(ticket);
  const at = t0 === undefined || t0 === 'missing' ? ticket.createdAt.toMillis() : moment(t0);
  const position = t0 === undefined ? 0 : timeline.entries.findLastIndex((entry) => entry.at <= at);
  const completed: CompletedAt = { at, position, evidence: 'the last piece of information' };
  return readClock(ticket, timeline, {
    policy: { ...shippedPolicy.clock, ...policy },
    completed: t0 === 'missing' ? undefined : completed,
    isOurs: (name) => isOurService(name, shippedPolicy.scope),
    now: moment(now),
  });
}

/** Deadlines that bind the four stages, as people write them; `—` where there is none. */
export function dueOf({ stages }: Clock): readonly string[] {
  return stages.map(({ deadline }) => (deadline?.at === undefined ? '—' : written(deadline.at)));
}

/** When each stage was done, and by which rule. */
export function doneOf({ stages }: Clock): readonly string[] {
  return stages.map(({ done }) => (done === undefined ? '—' : `${written(done.at)} ${done.rule}`));
}

/** Times that do not count: why, from when to when. */
export function stoodOf({ suspensions }: Clock): readonly string[] {
  return suspensions.map(({ why, from, to }) =>
    `${why} ${written(from)} – ${to === undefined ? '' : written(to)}`.trim(),
  );
}

/** What was missed: number of the priority and column of the table. */
export function missedOf({ breaches }: Clock): readonly string[] {
  return breaches.map(({ priority: number, deadline }) => `${number} ${deadline.name}`);
}

/** The ticket as it was before the entry at `index` of its history. */
export function before(index: number, ticket: Snapshot): Snapshot {
  const history = ticket.history.slice(0, index);
  const written = new Set(history.flatMap(({ commentId }) => commentId ?? []));
  const changes = history.flatMap((entry) => entry.changes ?? []);
  const last = (property: ChangingProperty) => changes.findLast((each) => each.property === property)?.to ?? '';
  return {
    ...ticket,
    state: last('state'),
    phase: last('state') === 'Закрыто' ? 'done' : 'open',
    priority: last('priority'),
    service: last('service'),
    comments: ticket.comments.filter(({ id }) => written.has(id)),
    history,
    changedAt: history.at(-1)?.at ?? ticket.createdAt,
  };
}
