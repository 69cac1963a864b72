import type { DateTime } from 'luxon';
import type { Draft } from '../../../src/domain/action.ts';
import type { Catalogue } from '../catalogue.ts';
import type { WireFields } from '../fields.ts';
import { type WireIssue, wireIssue } from '../wire.ts';
import type { Created } from './open.ts';

/** What JIRA itself adds to a new issue: its first status, its default priority, its reporter and so on. */
export interface InitialStates {
  /** An issue was opened: the first read of it may tell what JIRA adds. */
  expect(draft: Draft, created: Created): void;
  /** An issue was read. */
  learn(issue: WireIssue): void;
  /** The new issue as a read would show it; undefined until one like it has been read. */
  foretell(draft: Draft, created: Created, signal: AbortSignal): Promise<WireIssue | undefined>;
}

/** A workflow may get another first status, so what was learned is not believed for ever. */
const BELIEVED_MS = 3_600_000;

/** An issue that was changed later than this after it was created tells nothing about new ones. */
const UNTOUCHED_MS = 1_000;

/** More are not waited for; they belong to issues that were never read. */
const MOST_EXPECTED = 1_000;

export function createInitialStates(catalogue: Catalogue, now: () => DateTime): InitialStates {
  const expected = new Map<string, string>();
  const learned = new Map<string, { readonly fields: WireIssue['fields']; readonly until: DateTime }>();

  return {
    expect: (draft, { id, sent }) => {
      if (expected.size >= MOST_EXPECTED) {
        expected.clear();
      }
      expected.set(id, kindOf(draft, sent));
    },
    learn: ({ id, fields }) => {
      const kind = expected.get(id);
      if (kind === undefined) {
        return;
      }

      expected.delete(id);
      const isUntouched = Math.abs(fields.updated.diff(fields.created).milliseconds) <= UNTOUCHED_MS;
      if (isUntouched) {
        learned.set(kind, { fields, until: now().plus({ milliseconds: BELIEVED_MS }) });
      }
    },
    foretell: async (draft, { id, key, sent }, signal) => {
      const like = learned.get(kindOf(draft, sent));
      const priority = await shownPriority(sent, catalogue, signal);
      const at = now();
      if (like === undefined || priority === undefined || at >= like.until) {
        return undefined;
      }

      const moment = at.startOf('second').toISO();
      const fields = { ...like.fields, ...sent, ...priority, created: moment, updated: moment };
      return wireIssue.safeParse({ id, key, fields }).data;
    },
  };
}

/**
 * Issues of one kind get the same from JIRA: it depends on which fields are filled, and the assignee on the components.
 */
function kindOf({ project, type }: Draft, sent: WireFields): string {
  return JSON.stringify([project, type, Object.keys(sent).toSorted(), sent.components]);
}

/** A priority is sent by its id and shown by its name; undefined where nobody knows it. */
async function shownPriority(
  { priority }: WireFields,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<WireFields | undefined> {
  const isById = typeof priority === 'object' && priority !== null && 'id' in priority;
  if (!isById) {
    return {};
  }

  const entry = await catalogue.find('priority', String(priority.id), signal).catch(() => undefined);
  return entry === undefined ? undefined : { priority: { id: entry.id, name: entry.name } };
}
