import type { Comment, Snapshot } from '../../src/domain/ticket.ts';
import { aComment, aTicket } from '../support/records.ts';
import { FAULTS_END_MS } from './faults.ts';
import type { Simulation } from './simulation.ts';
import type { System } from './world.ts';

/** Words that a person wrote, which can be recognised wherever they turn up. */
export interface Words {
  readonly text: string;
  readonly system: System;
  readonly record: string;
  readonly ticket: string;
  readonly commentId: string;
  readonly isPublic: boolean;
  /** When it was written, in ms since the start. */
  readonly ms: number;
}

const MOVES: readonly Partial<Snapshot>[] = [
  { state: 'В работе', phase: 'open' },
  { state: 'Ожидает информации', phase: 'pending' },
  {
    state: 'Решено',
    phase: 'done',
    resolution: 'Исправлено',
    fields: { solution: 'Исправлен адрес шлюза.', configuration_item: ['Интеграция'] },
  },
];

/** Registers tickets, writes comments on both sides and moves issues, at moments of chance. Answers with the words as they are written. */
export function employPeople({ random, scheduler, world, faults }: Simulation): readonly Words[] {
  const written: Words[] = [];
  let lastId = 5_000;

  const write = (system: System, record: string, ticket: string) => {
    // Nobody goes on in a ticket that was merged; and its issue is another story.
    if (world.heirOf(ticket) !== ticket) {
      return;
    }
    lastId += 1;
    const commentId = String(lastId);
    const isPublic = random.chance(0.7);
    const text = `${isPublic ? 'слово' : 'тайна'}-${system}-${ticket}-${commentId}.`;
    const comment: Comment = aComment({
      id: commentId,
      text,
      at: scheduler.trueTime(),
      by: random.pick(system === 'otrs' ? ['agent', 'requester'] : ['agent']),
      visibility: isPublic ? 'public' : 'internal',
    });
    scheduler.tell(`a person writes ${text} into ${system} ${record}`);
    world.desks[system].change(record, ({ comments }) => ({ comments: [...comments, comment] }));
    written.push({ text, system, record, ticket, commentId, isPublic, ms: scheduler.at() });
    world.changed(system, record);
  };

  /** Articles of OTRS can be edited by an administrator only; their copies in the issue follow. */
  const edit = (ticket: string) => {
    const own = random.pick(written.filter(({ system, record }) => system === 'otrs' && record === ticket));
    const edited = (comment: Comment) =>
      comment.id === own?.commentId
        ? { ...comment, text: `${comment.text} Правка ${scheduler.turns()}.`, editedAt: scheduler.trueTime() }
        : comment;
    if (own !== undefined && world.heirOf(ticket) === ticket) {
      scheduler.tell(`a person edits ${own.text}`);
      world.desks.otrs.change(ticket, ({ comments }) => ({ comments: comments.map(edited) }));
      world.changed('otrs', ticket);
    }
  };

  const actIn = (ticket: string) => {
    const issue = world.heirOf(ticket) === ticket ? world.issues.get(ticket)?.[0] : undefined;
    if (random.chance(0.15)) {
      edit(ticket);
    } else if (issue === undefined || random.chance(0.5)) {
      write('otrs', ticket, ticket);
    } else if (random.chance(0.6)) {
      write('jira', issue.id, ticket);
    } else {
      const move = random.pick(MOVES) ?? {};
      scheduler.tell(`a person moves issue ${issue.id} to ${move.state}`);
      world.desks.jira.change(issue.id, ({ fields }) => ({ ...move, fields: { ...fields, ...move.fields } }));
      world.changed('jira', issue.id);
    }
  };

  // In haste, and around a list of changes: OTRS tells by the second, so the second words change nothing in a later list.
  world.beforeListing(() => {
    const ticket = random.pick([...world.desks.otrs.records.keys()]);
    if (ticket !== undefined && scheduler.at() < FAULTS_END_MS && random.chance(0.3)) {
      write('otrs', ticket, ticket);
      scheduler.after(random.between(1, 999 - scheduler.trueTime().millisecond), `in haste at ${ticket}`, () =>
        write('otrs', ticket, ticket),
      );
    }
  });

  if (faults().merges) {
    scheduler.after(random.between(FAULTS_END_MS / 3, FAULTS_END_MS), 'a merge', () => {
      if (world.desks.otrs.records.has('101') && world.desks.otrs.records.has('102')) {
        scheduler.tell('a person merges ticket 101 into ticket 102');
        world.merge('101', '102');
      }
    });
  }
  const { size } = faults();
  const [mostTickets, mostActs] = size === 'large' ? [4, 9] : [2, 4];
  for (let tickets = random.between(1, mostTickets); tickets > 0; tickets -= 1) {
    const ticket = String(100 + tickets);
    const begins = random.between(0, FAULTS_END_MS / 4);
    scheduler.after(begins, `ticket ${ticket}`, () => {
      scheduler.tell(`a person registers ticket ${ticket}`);
      world.desks.otrs.put(newTicket(ticket, scheduler.trueTime()));
      world.changed('otrs', ticket);
    });
    for (let acts = random.between(0, mostActs); acts > 0; acts -= 1) {
      scheduler.after(random.between(begins + 1, FAULTS_END_MS), `people at ${ticket}`, () => actIn(ticket));
    }
  }
  return written;
}

function newTicket(id: string, at: Snapshot['createdAt']): Snapshot {
  const first = aComment({ id: `${id}0`, by: 'requester', author: 'Анна Кузнецова', at });
  return aTicket({
    ref: { system: 'otrs', id, key: `20261123100${id}` },
    ticketQueue: 'NTTM::3ЛТП',
    textCommentId: first.id,
    comments: [first],
    createdAt: at,
    changedAt: at,
  });
}
