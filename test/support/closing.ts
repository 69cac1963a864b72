import type { Action } from '../../src/domain/action.ts';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Link } from '../../src/domain/link.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from './policy.ts';
import { agreedFacts, aLink, aTicket, NOW } from './records.ts';

const { approval: _, ...access } = quietPolicy.access;

/** The rules for closing; approvals of an access have tests of their own. */
export const policy: Policy = { ...quietPolicy, access };

export const done = {
  state: 'Решено',
  phase: 'done',
  resolution: 'Исправлено',
  fields: { solution: 'Исправлена проверка поля «Адрес».', configuration_item: ['Интеграция'] },
} as const satisfies Partial<Snapshot>;

/** A ticket that was in work until its issue became what is given. */
export function factsOf(ticket: Partial<Snapshot>, issue: Partial<Snapshot>, link: Partial<Link> = {}): Facts {
  const facts = agreedFacts({}, issue, {
    agreed: { issueState: 'В работе/', issuePhase: 'open', ticketState: 'В работе', answer: '100' },
    ...link,
  });
  const shown = { issue_key: 'OSSTTMB2B-1', issue_url: facts.issue?.url ?? '', issue_status: facts.issue?.state ?? '' };
  return {
    ...facts,
    ticket: { ...facts.ticket, state: 'В работе', ...ticket, fields: { ...shown, ...ticket.fields } },
  };
}

/** What the bridge does until nothing is left, and where that leads. */
export function settle(
  start: Facts,
  rules: Policy = policy,
): { readonly end: Facts; readonly performed: readonly Action[] } {
  let end = start;
  const performed: Action[] = [];
  for (;;) {
    const decision = decide(end, rules, NOW);
    const [action] = decision.actions;
    if (action === undefined || performed.length > 12) {
      return { end: { ...end, link: { ...end.link, agreed: decision.agreed } }, performed };
    }
    performed.push(action);
    end = evolve(end, action, { system: 'any', id: 'effect' }, NOW);
  }
}

export const notesOf = (actions: readonly Action[]) =>
  actions.flatMap((action) => (action.do === 'comment' ? [action.comment] : []));
export const withClosure = (changes: Partial<Policy['closure']>): Policy => ({
  ...policy,
  closure: { ...policy.closure, ...changes },
});

export const closedByAgent = (
  fields: Snapshot['fields'],
  agreed: Link['agreed'],
  changes: Partial<Snapshot> = {},
): Facts => ({
  ticket: aTicket({ state: 'Закрыто', phase: 'done', fields, ...changes }),
  link: aLink({ agreed }),
});
export const seenOpen = { ticketState: 'В работе', answer: '100' };
export const filled = {
  closure_code: 'consultation',
  solution: 'Показано, где кнопка выгрузки.',
  configuration_item: 'ui',
};
