import type { Action, CommentDraft } from './action.ts';
import { type AttachmentPolicy, fileValues } from './attachments.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { extensionOf, likeNameOf, showName } from './file-name.ts';
import {
  type FilePolicies,
  type FileStanding,
  type FileWay,
  fileStandings,
  standingsOn,
  thoseThatAre,
} from './file-standing.ts';
import { abstain, act, combine, type Judgement, nothing } from './reason.ts';
import { judgeRefusedFiles } from './refused-files.ts';
import { relatedFileWays } from './related/exchange.ts';
import type { RelatedPolicy } from './related/policy.ts';
import { serviceRuleOf } from './scope.ts';
import { fill } from './template.ts';
import { type Attachment, isSameRecord, nameOf, type Snapshot, type SystemName, type Visibility } from './ticket.ts';
import { issueValues, ticketValues } from './vocabulary.ts';
import { judgeWholeTexts } from './whole-texts.ts';

/**
 * Carries every permitted file that the other side lacks, each on its own, and names those that are refused: a file that
 * is lost without a word is the one thing that must not happen. Nothing goes anywhere before the other record is open.
 */
export function judgeFiles(
  facts: Facts,
  policies: FilePolicies & { readonly related: RelatedPolicy },
  issueSystem: SystemName,
): Judgement {
  const { attachments, related } = policies;
  const standings = fileStandings(facts, policies, issueSystem);
  const ofRelated = relatedFileWays(facts, related).map(({ way, ...rest }) => ({
    ...rest,
    way,
    standings: standingsOn(way, facts, attachments),
  }));
  const exchanged = ofRelated.flatMap((each) => each.standings);
  return combine([
    ...sayRefused([...standings, ...exchanged]),
    sayPermitted(standings),
    ...judgeCarrying(standings, facts, policies),
    ...ofRelated.flatMap((each) => carryFiles(each.standings, each.way, each.noteOf, each.rule)),
    judgeWholeTexts(facts, attachments),
    judgeRefusedFiles([...(facts.issue === undefined ? [] : standings), ...exchanged], facts, attachments),
    askForScreenshot(facts.ticket, policies),
  ]);
}

function judgeCarrying(
  standings: readonly FileStanding[],
  facts: Facts,
  { attachments }: FilePolicies,
): readonly Judgement[] {
  const { ticket, issue } = facts;
  if (issue === undefined) {
    return [];
  }

  const ofTicket = standings.filter(({ of }) => of === ticket);
  const ofIssue = standings.filter(({ of }) => of !== ticket);
  return [
    ...carryFiles(ofTicket, { target: issue }, silently, 'file-of-the-ticket-goes-to-the-issue'),
    ...carryFiles(ofIssue, { target: ticket }, noteWriter(facts, attachments), 'file-of-the-issue-goes-to-the-ticket'),
  ];
}

/** The issue's system ties no words to files. */
function silently(_file: Attachment, visibility: Visibility): CommentDraft {
  return { subject: '', text: '', visibility };
}

function carryFiles(
  standings: readonly FileStanding[],
  { target }: Pick<FileWay, 'target'>,
  noteOf: (file: Attachment, visibility: Visibility) => CommentDraft,
  rule: string,
): readonly Judgement[] {
  const copies = copiesByLikeness(standings);
  return target === undefined
    ? []
    : thoseThatAre(standings, 'waiting').map(({ file, of, state: { key, verdict, visibility } }) => {
        const { name, contentType, size } = file;
        return act(
          {
            do: 'attach',
            key,
            ref: target.ref,
            file: { name, contentType, size },
            source: { from: of.ref, attachment: file },
            note: noteOf(file, visibility),
            besides: copies.get(likenessOf(file)) ?? [],
          },
          {
            rule,
            clause: verdict.clause,
            evidence: `«${showName(name)}» (${verdict.rule}) is not yet in ${nameOf(target.ref)}`,
          },
        );
      });
}

/** What the ticket says beside a file of the issue. */
function noteWriter({ ticket, issue }: Facts, { toTicket, wording }: AttachmentPolicy) {
  const values = { ...ticketValues(ticket, wording), ...(issue === undefined ? {} : issueValues(issue)) };
  return (file: Attachment, visibility: Visibility): CommentDraft => {
    const known = { ...values, ...fileValues(file) };
    return { subject: fill(toTicket.subject, known), text: fill(toTicket.text, known), visibility };
  };
}

/** Ids of the copies of files that look alike, so that the copy of one is never taken for that of another. */
function copiesByLikeness(standings: readonly FileStanding[]): ReadonlyMap<string, readonly string[]> {
  const copies = new Map<string, string[]>();
  for (const { file, state } of thoseThatAre(standings, 'carried')) {
    if (state.as !== '') {
      const likeness = likenessOf(file);
      const known = copies.get(likeness) ?? [];
      known.push(state.as);
      copies.set(likeness, known);
    }
  }
  return copies;
}

type Attach = Extract<Action, { do: 'attach' }>;

/** A file that was carried, and the id of its copy. */
export interface CarriedFile {
  readonly action: Attach;
  readonly as: string;
}

/** The action with the copies of files that look alike and were carried since it was decided. */
export function amongCopies(action: Attach, carried: readonly CarriedFile[]): Attach {
  const { source, file, ref, besides } = action;
  const alike = carried.filter(
    (each) =>
      'from' in source &&
      'from' in each.action.source &&
      isSameRecord(each.action.source.from, source.from) &&
      isSameRecord(each.action.ref, ref) &&
      likenessOf(each.action.file) === likenessOf(file),
  );
  return alike.length === 0 ? action : { ...action, besides: [...besides, ...alike.map(({ as }) => as)] };
}

function likenessOf({ name, size }: Pick<Attachment, 'name' | 'size'>): string {
  return `${size}/${likeNameOf(name)}`;
}

/** A file that several records lack is refused once. */
function sayRefused(standings: readonly FileStanding[]): readonly Judgement[] {
  const refused = thoseThatAre(standings, 'refused');
  const once = [...new Map(refused.map((each) => [`${each.file.id} ${each.state.verdict.rule}`, each])).values()];
  return once.map(({ of, state: { verdict } }) =>
    abstain({
      rule: verdict.rule,
      clause: verdict.clause,
      evidence: `${verdict.evidence} (in ${nameOf(of.ref)})`,
    }),
  );
}

/** How many names a reason lists before it only counts. */
const SHOWN = 10;

/** One reason for all files that are permitted and wait for their issue. */
function sayPermitted(standings: readonly FileStanding[]): Judgement {
  const waiting = thoseThatAre(standings, 'waiting');
  if (waiting.length === 0) {
    return nothing;
  }

  const judged = standings.filter(({ state }) => state.is !== 'kept').length;
  const more = waiting.length > SHOWN ? ` and ${waiting.length - SHOWN} more` : '';
  const names = waiting.slice(0, SHOWN).map(({ file, state }) => `«${showName(file.name)}» (${state.verdict.rule})`);
  return abstain({
    rule: 'attachments-are-permitted',
    clause: [...new Set(waiting.map(({ state }) => state.verdict.clause))].join(', '),
    evidence: `${waiting.length} of ${judged} files: ${names.join(', ')}${more}`,
  });
}

/** A screenshot is recommended and never required: its absence is a hint and holds nothing up (R11). */
function askForScreenshot(ticket: Snapshot, { attachments: { screenshot, scope } }: FilePolicies): Judgement {
  const rule = serviceRuleOf(ticket, scope);
  const isSupportIncident = rule?.kind === 'support' && isSameText(ticket.type, rule.type);
  const hasImage = ticket.attachments.some(({ name }) => screenshot.extensions.includes(extensionOf(name) ?? ''));
  return ticket.phase === 'done' || !isSupportIncident || hasImage
    ? nothing
    : abstain({
        rule: 'screenshot-is-recommended',
        clause: screenshot.clause,
        evidence: `no image among ${ticket.attachments.length} files of ${nameOf(ticket.ref)}; nothing waits for one`,
      });
}
