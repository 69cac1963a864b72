import { z } from 'zod';
import type { Action } from '../../domain/action.ts';
import { BridgeError } from '../../errors.ts';

const ref = z.strictObject({ system: z.string().min(1), id: z.string().min(1), key: z.string().exactOptional() });
const value = z.union([z.string(), z.array(z.string())]);
const fields = z.record(z.string().min(1), value);
const keyed = { key: z.string().min(1) };
const visibility = z.enum(['public', 'internal']);
const phase = z.enum(['new', 'open', 'pending', 'done']);

const comment = z.strictObject({
  text: z.string().min(1),
  subject: z.string(),
  visibility,
  notify: z.literal('agents').exactOptional(),
});

const update = z.strictObject({ do: z.literal('update'), ...keyed, ref, fields });

const move = z.strictObject({
  do: z.literal('move'),
  ...keyed,
  ref,
  to: z.string().min(1),
  via: z.array(z.string().min(1)).exactOptional(),
  phase,
  fields,
  owes: z.string().exactOptional(),
});

const draft = z.strictObject({
  project: z.string().min(1),
  type: z.string().min(1),
  title: z.string().min(1),
  text: z.string(),
  priority: z.string().exactOptional(),
  labels: z.array(z.string()),
  fields,
  extras: fields.exactOptional(),
  requester: z.string().exactOptional(),
  state: z.string().exactOptional(),
});

const open = { do: z.literal('open'), ...keyed, system: z.string().min(1), draft, origin: ref };

/** Files lie in their systems: what names one is kept as it is. */
const attachment = z.looseObject({ id: z.string().min(1), name: z.string(), size: z.number() });

/** What a person may make of an action. Unknown fields are refused, for a misspelt one would do nothing. */
const actionSchema = z.union([
  z.discriminatedUnion('do', [
    update,
    move,
    z.strictObject({
      do: z.literal('comment'),
      ...keyed,
      ref,
      comment,
      along: z.discriminatedUnion('do', [update, move]).exactOptional(),
    }),
    z.strictObject({
      do: z.literal('attach'),
      ...keyed,
      ref,
      file: z.strictObject({ name: z.string().min(1), contentType: z.string().min(1), size: z.number().min(0) }),
      source: z.union([z.strictObject({ from: ref, attachment }), z.strictObject({ text: z.string() })]),
      note: comment,
      besides: z.array(z.string()),
    }),
    z.strictObject({ do: z.literal('edit'), ...keyed, ref, commentId: z.string().min(1), text: z.string().min(1) }),
    z.strictObject({ do: z.literal('assign'), ...keyed, ref, user: z.string().min(1) }),
    z.strictObject({
      do: z.literal('relate'),
      ...keyed,
      ref,
      to: ref,
      as: z.enum(['origin', 'related']),
      title: z.string(),
      url: z.string(),
      type: z.string().exactOptional(),
      isResolved: z.boolean().exactOptional(),
    }),
    z.discriminatedUnion('role', [
      z.strictObject({ ...open, role: z.literal('issue') }),
      z.strictObject({ ...open, role: z.enum(['related', 'task']), name: z.string().min(1) }),
    ]),
  ]),
]);

/** What an edit must leave as it is: it names the action, its ticket and the record that it is about. */
const LOCKED = ['do', 'key', 'ref', 'system', 'role', 'name', 'origin', 'commentId'] as const;

/**
 * An edited action, checked. Throws `LETTER_UNUSABLE` with every fault and its place: an unknown or missing field, a value of
 * the wrong kind, or a locked one that was changed.
 */
export function checkEdited(edited: unknown, before: Action): Action {
  const checked = actionSchema.safeParse(edited);
  const faults = checked.success ? lockedFaults(edited, before) : issuesOf(checked.error.issues);
  if (faults.length > 0) {
    throw new BridgeError('LETTER_UNUSABLE', `the edited action cannot be used:\n${faults.join('\n')}`, {
      details: { places: faults },
    });
  }

  // Keys keep the order of the text: contents are compared letter by letter.
  return edited as Action;
}

function lockedFaults(edited: unknown, before: Action): readonly string[] {
  return LOCKED.filter((name) => JSON.stringify(valueAt(edited, name)) !== JSON.stringify(valueAt(before, name))).map(
    (name) => `  ${name}: must stay ${JSON.stringify(valueAt(before, name)) ?? 'absent'}`,
  );
}

function valueAt(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null
    ? Object.entries(object).find(([key]) => key === name)?.[1]
    : undefined;
}

function issuesOf(issues: readonly z.core.$ZodIssue[], within: readonly PropertyKey[] = []): readonly string[] {
  return issues.flatMap((issue) => {
    const path = [...within, ...issue.path];
    const [nearest] = issue.code === 'invalid_union' ? issue.errors.toSorted((a, b) => a.length - b.length) : [];
    return nearest !== undefined && nearest.length > 0
      ? issuesOf(nearest, path)
      : [`  ${path.length === 0 ? 'the action' : path.join('.')}: ${issue.message}`];
  });
}
