import type { DateTime } from 'luxon';
import { isCalled } from './alias.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { textOf } from './field-value.ts';
import { act, type Judgement, nothing } from './reason.ts';
import type { Snapshot } from './ticket.ts';

/** A fix that comes with an update counts once the update is installed (R52). */
export interface UpdatePolicy {
  /** Where the ticket waits for the installation. The terms run on. */
  readonly state: string;
  /** Logical field of the issue that names the versions. */
  readonly field: string;
  /** Logical field of the ticket that an agent fills when the update is installed. */
  readonly installedField: string;
  /** State of a closed ticket: what was installed before it was opened again was another update. */
  readonly closedState: string;
  /** Resolutions with which nothing is shipped. */
  readonly unlessResolution: readonly string[];
  /** Whether a version that is released in JIRA counts as installed. */
  readonly releasedVersionCounts: 'no' | 'yes';
  readonly clause: string;
  readonly note: { readonly subject: string; readonly text: string };
}

/** How long until a release is looked for again: JIRA tells nobody's issue that its version was released. */
const RELEASE_LOOK = { hours: 1 };

/** The versions whose installation a done issue waits for; empty if it waits for none. */
export function awaitedVersions(
  issue: Snapshot,
  ticket: Snapshot,
  policy: UpdatePolicy | undefined,
): readonly string[] {
  if (policy === undefined || policy.unlessResolution.some((name) => isCalled(issue, 'resolution', name))) {
    return [];
  }

  const versions = listOf(issue, policy.field);
  const released = listOf(issue, 'released_versions');
  const isReleased = versions.every((version) => released.some((name) => isSameText(name, version)));
  const isInstalled = textOf(ticket.fields[policy.installedField]) !== undefined && !isOfEarlierFix(ticket, policy);
  return isInstalled || (isReleased && policy.releasedVersionCounts === 'yes') ? [] : versions;
}

/**
 * A ticket that was opened again waits for the installation of its next fix: the mark of the last one is taken away, so
 * that an agent can set it once more.
 */
export function judgeInstallation({ ticket }: Facts, policy: UpdatePolicy | undefined): Judgement {
  return policy === undefined || ticket.phase === 'done' || !isOfEarlierFix(ticket, policy)
    ? nothing
    : act(
        {
          do: 'update',
          key: 'update:ticket:installation',
          ref: ticket.ref,
          fields: { [policy.installedField]: '' },
        },
        {
          rule: 'installation-was-of-an-earlier-fix',
          clause: policy.clause,
          evidence: `${policy.installedField} was set before the ticket was opened again`,
        },
      );
}

function isOfEarlierFix(ticket: Snapshot, { installedField, closedState }: UpdatePolicy): boolean {
  if (textOf(ticket.fields[installedField]) === undefined) {
    return false;
  }

  const changes = ticket.history.flatMap((entry) => entry.changes ?? []);
  const set = changes.findLastIndex(({ property, to }) => property === `fields.${installedField}` && to !== undefined);
  const reopened = changes.findLastIndex(
    ({ property, from }) => property === 'state' && from !== undefined && isSameText(from, closedState),
  );
  return set >= 0 && reopened > set;
}

/** When the release of an awaited version is to be looked for; undefined where no release counts. */
export function releaseLookAt(
  { issue, ticket }: Facts,
  policy: UpdatePolicy | undefined,
  now: DateTime,
): DateTime | undefined {
  const isWaiting =
    policy?.releasedVersionCounts === 'yes' &&
    issue?.phase === 'done' &&
    ticket.phase !== 'done' &&
    awaitedVersions(issue, ticket, policy).length > 0;
  return isWaiting ? now.plus(RELEASE_LOOK) : undefined;
}

function listOf(issue: Snapshot, field: string): readonly string[] {
  return [issue.fields[field] ?? []].flat().filter((name) => name.trim() !== '');
}
