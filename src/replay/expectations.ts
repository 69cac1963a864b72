import type { DateTime } from 'luxon';
import { z } from 'zod';
import type { Action } from '../domain/action.ts';
import { judgeAttachment } from '../domain/attachments.ts';
import { assessCompleteness } from '../domain/completeness.ts';
import { isSameText } from '../domain/condition.ts';
import type { Decision, Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { assessPriority } from '../domain/priority.ts';
import { isSameRecord } from '../domain/ticket.ts';
import { differenceOf } from './partial-match.ts';
import { foundRelated, relatedSchema } from './related-expectation.ts';
import { differencesOfTerms, termsSchema } from './terms-expectation.ts';

/** What an example came to. */
export interface Outcome {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly decision: Decision;
  readonly at: DateTime;
}

/** One way in which an outcome is not the expected one. */
export interface Mismatch {
  /** Where in the expectation, below its name. */
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly found: string;
}

/** One thing that an example may expect. */
interface Matcher {
  readonly schema: z.ZodType;
  readonly mismatches: (expected: unknown, outcome: Outcome) => readonly Mismatch[];
}

function matcher<Expected>(
  schema: z.ZodType<Expected>,
  mismatches: (expected: Expected, outcome: Outcome) => readonly Mismatch[],
): Matcher {
  return { schema, mismatches: (expected, outcome) => mismatches(schema.parse(expected), outcome) };
}

const action = z.union([
  z.string().meta({ description: 'Key of the action, e.g. `open:issue`.' }),
  z.looseObject({}).meta({ description: 'Properties of the action; `{ contains: … }` for a part of a text.' }),
]);

const reason = z.strictObject({
  rule: z.string().meta({ description: 'Name of the rule.' }),
  clause: z.string().optional().meta({ description: 'Clause that it rests on.' }),
});

const names = (description: string) => z.array(z.string()).optional().meta({ description });

const TERMS_ARE_LEFT_OUT =
  'Actions that only show the terms are left out (`update:ticket:terms`, `update:issue:terms`, `comment:note:terms:…`)';

/** Everything that an example may expect, by its key under `expect`. A further rule family adds a row here. */
export const matchers: Readonly<Record<string, Matcher>> = {
  actions: matcher(
    z
      .array(action)
      .min(1)
      .meta({
        description: `Exactly these actions, in this order. ${TERMS_ARE_LEFT_OUT}, unless one of them is named here by its key.`,
      }),
    (expected, { decision }) => {
      const actions = expected.some(namesTerms) ? decision.actions : withoutTerms(decision.actions);
      return expected.length === actions.length
        ? expected.flatMap((each, index) => mismatchOf(each, [actions[index]], [index]))
        : [{ path: [], expected: `${expected.length} action(s)`, found: listOf(actions) }];
    },
  ),
  some_actions: matcher(
    z.array(action).min(1).meta({ description: 'These actions, among others.' }),
    (expected, { decision: { actions } }) => expected.flatMap((each, index) => mismatchOf(each, actions, [index])),
  ),
  no_actions: matcher(
    z.literal(true).meta({ description: `Nothing is to be done. ${TERMS_ARE_LEFT_OUT}.` }),
    (_, { decision }) => {
      const actions = withoutTerms(decision.actions);
      return actions.length === 0 ? [] : [{ path: [], expected: 'no action', found: listOf(actions) }];
    },
  ),
  priority: matcher(
    z.string().meta({ description: 'Priority by the criteria, as OTRS calls it.' }),
    (expected, { facts, policy }) => {
      const { rank, rule } = assessPriority(facts.ticket, policy.priority);
      const found = policy.priority.names.find((row) => row.rank === rank)?.ticket ?? String(rank);
      return isSameText(expected, found) ? [] : [{ path: [], expected, found: `${found} (${rule})` }];
    },
  ),
  state: matcher(
    z.string().meta({ description: 'State of the ticket once the actions have taken effect.' }),
    (expected, { facts, decision }) => {
      const moves = decision.actions.flatMap((each) =>
        each.do === 'move' && isOfTicket(each, facts) ? [each.to] : [],
      );
      const found = moves.at(-1) ?? facts.ticket.state;
      return isSameText(expected, found) ? [] : [{ path: [], expected, found }];
    },
  ),
  fields: matcher(
    z
      .record(z.string(), z.unknown())
      .meta({ description: 'Fields of the ticket, by logical name, once the actions have taken effect.' }),
    (expected, { facts, decision }) => {
      const writes = decision.actions.flatMap((each) =>
        (each.do === 'move' || each.do === 'update') && isOfTicket(each, facts) ? [each.fields] : [],
      );
      return differencesOf(expected, Object.assign({}, facts.ticket.fields, ...writes), []);
    },
  ),
  terms: matcher(termsSchema, (expected, { decision: { clock } }) =>
    differencesOfTerms(expected, clock).map(({ at, ...difference }) => ({ path: [at], ...difference })),
  ),
  returns: matcher(
    z
      .strictObject({
        count: z.int().min(0).meta({ description: 'How often the ticket was handed back.' }),
        without_reason: z.int().min(0).optional().meta({ description: 'How often nobody said why; none if left out.' }),
      })
      .meta({ description: 'Returns to the coordinator or to line 1 (R42, R43), as the history has them.' }),
    ({ count, without_reason = 0 }, { decision: { clock } }) => {
      const found = {
        count: clock.returns.length,
        without_reason: clock.returns.filter((each) => each.reason === undefined).length,
      };
      return differencesOf({ count, without_reason }, found, []);
    },
  ),
  missing: matcher(
    z
      .array(z.string())
      .meta({ description: 'Exactly these mandatory items of completeness.yaml are missing, by name.' }),
    (expected, { facts, policy }) =>
      differenceOfNames(
        expected,
        assessCompleteness(facts.ticket, policy.completeness).missing.map(({ name }) => name),
        [],
      ),
  ),
  letter: matcher(
    z.enum(['draft', 'sent', 'none']).meta({
      description: 'The letter that asks for what is missing is drafted for an agent, sent, or not written.',
    }),
    (expected, { decision: { actions } }) => {
      const found = (['draft', 'sent'] as const).find((way) =>
        actions.some(({ key }) => key.startsWith(`comment:letter:${way}:`)),
      );
      return expected === (found ?? 'none') ? [] : [{ path: [], expected, found: found ?? 'none' }];
    },
  ),
  attachments: matcher(
    z
      .strictObject({ refused: names('Exactly these are refused.'), permitted: names('Exactly these are permitted.') })
      .meta({ description: 'Files of the ticket, by name.' }),
    ({ refused, permitted }, { facts: { ticket }, policy }) => {
      const filesWith = (verdict: 'refused' | 'allowed') =>
        ticket.attachments
          .filter((file) => judgeAttachment(file, ticket, policy.attachments).verdict === verdict)
          .map(({ name }) => name);
      return [
        ...(refused === undefined ? [] : differenceOfNames(refused, filesWith('refused'), ['refused'])),
        ...(permitted === undefined ? [] : differenceOfNames(permitted, filesWith('allowed'), ['permitted'])),
      ];
    },
  ),
  related: matcher(relatedSchema, (expected, { facts, policy }) => {
    const found = foundRelated(facts, policy.related);
    return (['named', 'decided', 'missing'] as const).flatMap((at) => {
      const wanted = expected[at];
      return wanted === undefined ? [] : differenceOfNames(wanted, found[at], [at]);
    });
  }),
  reasons: matcher(
    z.array(reason).min(1).meta({ description: 'These reasons, among others.' }),
    (expected, { decision: { because } }) =>
      expected.flatMap(({ rule, clause }, index) =>
        because.some((each) => each.rule === rule && (clause === undefined || each.clause === clause))
          ? []
          : [
              {
                path: [index],
                expected: `${rule}${clause === undefined ? '' : ` (${clause})`}`,
                found: because.map((each) => `${each.rule} (${each.clause})`).join(', ') || 'no reason',
              },
            ],
      ),
  ),
  no_reasons: matcher(
    z.array(z.string()).min(1).meta({ description: 'None of these rules has a say.' }),
    (expected, { decision: { because } }) =>
      expected.flatMap((rule, index) => {
        const found = because.find((each) => each.rule === rule);
        return found === undefined ? [] : [{ path: [index], expected: `not ${rule}`, found: found.evidence }];
      }),
  ),
};

/** What stands under `expect`. */
export const expectationSchema = z
  .strictObject(Object.fromEntries(Object.entries(matchers).map(([name, { schema }]) => [name, schema.optional()])))
  .refine((expected) => Object.keys(expected).length > 0, { message: 'an example has to expect something' });

/** In which ways the outcome is not the expected one; paths begin with the key under `expect`. */
export function mismatchesOf(expect: Readonly<Record<string, unknown>>, outcome: Outcome): readonly Mismatch[] {
  return Object.entries(expect).flatMap(([name, expected]) =>
    (matchers[name]?.mismatches(expected, outcome) ?? []).map((each) => ({ ...each, path: [name, ...each.path] })),
  );
}

/** An action that is written down fits one of those decided; else the one that comes nearest tells what is different. */
function mismatchOf(
  expected: z.output<typeof action>,
  actions: readonly (Action | undefined)[],
  path: readonly (string | number)[],
): readonly Mismatch[] {
  const wanted = typeof expected === 'string' ? { key: expected } : expected;
  const tried = actions.map((each) => differencesOf(wanted, each, path)).sort((a, b) => a.length - b.length);
  const [nearest] = tried;
  if (nearest === undefined || nearest.length === Object.keys(wanted).length) {
    return nearest?.length === 0
      ? []
      : [{ path, expected: JSON.stringify(expected), found: listOf(actions.flatMap((each) => each ?? [])) }];
  }

  return nearest;
}

function differencesOf(expected: unknown, found: unknown, path: readonly (string | number)[]): readonly Mismatch[] {
  return differenceOf(expected, found).map(({ at, wanted, is }) => ({
    path,
    expected: `${at === '' ? '' : `${at} `}${JSON.stringify(wanted)}`,
    found: is === undefined ? 'nothing' : JSON.stringify(is),
  }));
}

function differenceOfNames(
  expected: readonly string[],
  found: readonly string[],
  path: readonly string[],
): readonly Mismatch[] {
  const isSame = expected.length === found.length && expected.every((name) => found.includes(name));
  return isSame ? [] : [{ path, expected: expected.join(', ') || 'none', found: found.join(', ') || 'none' }];
}

/** They say in the ticket, the issue and a note how the terms stand, and follow from every change of a ticket. */
function showsTerms(key: string): boolean {
  return key === 'update:ticket:terms' || key === 'update:issue:terms' || key.startsWith('comment:note:terms:');
}

function withoutTerms(actions: readonly Action[]): readonly Action[] {
  return actions.filter(({ key }) => !showsTerms(key));
}

function namesTerms(expected: z.output<typeof action>): boolean {
  return showsTerms(typeof expected === 'string' ? expected : String(expected.key ?? ''));
}

function isOfTicket({ ref }: Extract<Action, { do: 'move' | 'update' }>, { ticket }: Facts): boolean {
  return isSameRecord(ref, ticket.ref);
}

function listOf(actions: readonly Action[]): string {
  return actions.map(({ key }) => key).join(', ') || 'no action';
}
