import { z } from 'zod';
import type { ExpectedNames, Finding } from '../../../src/connector.ts';
import type { Catalogue } from '../catalogue.ts';
import { fitToScreen } from '../create/fit.ts';
import type { Place, Screens } from '../create/screens.ts';
import { explainUnsuitable, nameField } from '../create/unsuitable.ts';
import type { Gateway } from '../http/gateway.ts';
import { carrierOf } from '../marker.ts';
import type { JiraOptions } from '../options.ts';
import { quoteJql } from '../search.ts';
import { isWanted, lackingFields, listTransitions, wantedOf } from '../transition.ts';
import { error, ok, warning } from './finding.ts';

interface CheckScreensParts {
  readonly options: JiraOptions;
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly screens: Screens;
}

/** Whether issues of a type can be opened with what the rules fill, as far as JIRA shows the screen. */
export async function checkCreateScreen(
  { project, type, at }: Place & { readonly at: string },
  expected: ExpectedNames,
  { options, screens }: CheckScreensParts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const subject = `${project} create screen of ${type}`;
  const screen = await screens.look({ project, type }, signal);
  if (screen === undefined) {
    return [warning(subject, `${at}: JIRA does not show the screen to the account, so it is not verified.`)];
  }

  const filled = expected.draftFields.filter((each) => each.project === project && each.type === type);
  const ids = [
    ...['summary', 'description', 'labels', carrierOf(options)],
    ...(expected.issuePriorities.length === 0 ? [] : ['priority']),
    ...filled.flatMap(({ name }) => options.fields[name] ?? []),
  ];
  const drafted = Object.fromEntries(ids.map((id) => [id, '…']));
  const { faults, leftOut } = fitToScreen({ fields: drafted, extras: {} }, screen, [], options);
  if (faults.length > 0) {
    return [error(subject, `${at}: ${explainUnsuitable({ project, type }, faults)}.`)];
  }

  const lost = leftOut.map(({ id, field }) => {
    const place = filled.find(({ name }) => options.fields[name] === id)?.at ?? at;
    return warning(subject, `${place}: the screen does not show ${field}, so issues are opened without it.`);
  });
  return lost.length > 0 ? lost : [ok(subject, 'takes what the rules fill and demands nothing more')];
}

/** Issues to look at, and the statuses of most of them. */
const MOST_ISSUES = 50;
const MOST_STATUSES = 5;

const standing = z.object({
  status: z.object({ id: z.union([z.string(), z.number()]).transform(String), name: z.string() }),
});

/**
 * Whether the screens of the transitions to statuses of the rules can be filled. JIRA shows them for an issue only, and
 * from the status in which it is, so the latest issues have to do.
 */
export async function checkTransitionScreens(
  project: string,
  { issueStatuses }: ExpectedNames,
  { options, gateway, catalogue }: CheckScreensParts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const dialect = await gateway.dialect(signal);
  const jql = `project = ${quoteJql(project)} ORDER BY updated DESC`;
  const search = dialect.search({ jql, size: MOST_ISSUES, fields: ['status'] });
  const { issues } = await gateway.send({ ...search, effect: 'none', signal });
  const byStatus = new Map(
    issues.flatMap(({ id, key, fields }) => {
      const { data } = standing.safeParse(fields);
      return data === undefined ? [] : [[data.status.name, { system: '', id, key }] as const];
    }),
  );

  const targets = await Promise.all(
    issueStatuses.map(async ({ name, at }) => ({ at, wanted: await wantedOf('status', name, catalogue, signal) })),
  );
  const known = Object.fromEntries([...Object.values(options.fields), 'resolution'].map((id) => [id, '…']));
  const subject = `${project} transition screens`;
  const findings: Finding[] = [];
  const seen = [...byStatus].slice(0, MOST_STATUSES);
  for (const [from, ref] of seen) {
    for (const transition of await listTransitions(ref, gateway, signal)) {
      const target = targets.find(({ wanted }) => isWanted(transition.to, wanted));
      const fields = lackingFields(transition, known).map((id) => nameField(id, transition.fields?.[id]?.name));
      if (target !== undefined && fields.length > 0) {
        const way = `«${transition.name}» from «${from}» to «${transition.to.name}»`;
        findings.push(
          warning(subject, `${target.at}: ${way} demands what jira.fields does not name: ${fields.join(', ')}.`),
        );
      }
    }
  }
  const statuses = seen.map(([from]) => `«${from}»`).join(', ');
  return findings.length > 0 || seen.length === 0
    ? findings
    : [ok(subject, `those that lead on from ${statuses} demand nothing more than jira.fields names`)];
}
