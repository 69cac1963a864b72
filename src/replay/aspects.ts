import { type Action, systemOf } from '../domain/action.ts';
import type { Decision, Policy } from '../domain/decide.ts';
import { hasIssue } from '../domain/facts.ts';
import { assessPriority } from '../domain/priority.ts';
import type { Reason } from '../domain/reason.ts';
import { type Fields, isSameRecord } from '../domain/ticket.ts';
import type { Aspect, AspectValue } from './aspect.ts';
import { deadlineAspects, informationAspect } from './term-aspects.ts';

/** What two sets of rules are compared by. A further rule family adds a row here. */
export const aspects: readonly Aspect[] = [
  {
    name: 'scope',
    valueOf: (_, { because }) => {
      const foreign = because.filter(({ rule }) => rule === 'not-our-service');
      return { shown: foreign.length > 0 ? 'not ours' : 'ours', because: foreign };
    },
  },
  {
    name: 'priority by the criteria',
    valueOf: ({ ticket }, _, { priority }) => {
      const { rank, rule, clause } = assessPriority(ticket, priority);
      const shown = priority.names.find((row) => row.rank === rank)?.ticket ?? `rank ${rank}`;
      return { shown, because: [{ rule, clause }] };
    },
  },
  {
    name: 'issue',
    valueOf: (facts, decision) => {
      const open = decision.actions.find((action) => action.do === 'open' && action.role === 'issue');
      if (open === undefined) {
        return {
          shown: hasIssue(facts) ? 'has one' : 'none',
          because: reasonsOf(decision, ({ rule }) => isAboutIssues(rule)),
        };
      }

      const { project, type, priority } = open.draft;
      return {
        shown: `opens ${project} / ${type}${priority === undefined ? '' : ` / ${priority}`}`,
        full: JSON.stringify(open),
        because: reasonsOf(decision, ({ action }) => action === open.key),
      };
    },
  },
  {
    name: 'linked tickets',
    valueOf: ({ link }, decision) => {
      const opens = decision.actions.filter((action) => action.do === 'open' && action.role !== 'issue');
      const names = opens.map(({ name, system, draft }) => `${name} in ${system} (${draft.project} / ${draft.type})`);
      const keys = new Set(opens.map(({ key }) => key));
      const known = link.related.map(({ name }) => name);
      return {
        shown: names.length > 0 ? `opens ${names.join(', ')}` : known.length > 0 ? `has ${known.join(', ')}` : 'none',
        full: JSON.stringify(opens),
        because: reasonsOf(decision, ({ action = '' }) => keys.has(action)),
      };
    },
  },
  {
    name: 'state',
    valueOf: ({ ticket }, decision, policy) => {
      const move = decision.actions.findLast((action) => action.do === 'move' && isSameRecord(action.ref, ticket.ref));
      return move?.do !== 'move'
        ? { shown: 'stays', because: [] }
        : {
            shown: `becomes «${move.to}»`,
            full: JSON.stringify({ ...move, fields: withoutTerms(move, policy) }),
            because: reasonsOf(decision, ({ action }) => action === move.key),
          };
    },
  },
  {
    name: 'other actions',
    valueOf: (_, decision) => {
      const others = decision.actions.filter(
        (action) => action.do !== 'open' && action.do !== 'move' && !termWrites.includes(action.key),
      );
      const keys = new Set(others.map(({ key }) => key));
      return {
        shown: listOf(others),
        full: JSON.stringify(others),
        because: reasonsOf(decision, ({ action = '' }) => keys.has(action)),
      };
    },
  },
  {
    name: 'returns',
    valueOf: (_, { clock: { returns } }) => ({
      shown: returns.length === 0 ? 'none' : String(returns.length),
      because: returns.flatMap(({ signs }) => signs.map(({ rule, clause }) => ({ rule, clause }))),
    }),
  },
  informationAspect,
  ...deadlineAspects,
];

/** They write down what the aspects of the deadlines compare. */
const termWrites = ['update:ticket:terms', 'update:issue:terms'];

function withoutTerms({ fields }: Extract<Action, { do: 'move' }>, { clock }: Policy): Fields {
  const shown = Object.values(clock.shown.ticket);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !shown.includes(name)));
}

function isAboutIssues(rule: string): boolean {
  return rule === 'no-escalation-rule-is-met' || rule === 'closed-tickets-are-not-escalated';
}

function reasonsOf({ because }: Decision, isMeant: (reason: Reason) => boolean): AspectValue['because'] {
  const meant = because.filter(isMeant).map(({ rule, clause }) => ({ rule, clause }));
  return meant.filter(({ rule }, index) => meant.findIndex((other) => other.rule === rule) === index);
}

/** `2 comments in jira, update in otrs`: without ids, which differ from ticket to ticket. */
function listOf(actions: readonly Action[]): string {
  const counts = new Map<string, number>();
  for (const action of actions) {
    const kind = `${action.do} in ${systemOf(action)}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} x ${kind}`)).join(', ') || 'none';
}
