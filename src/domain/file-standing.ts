import type { Action, ActionKey } from './action.ts';
import { type AttachmentPolicy, type AttachmentVerdict, judgeAttachment, judgeRefusal } from './attachments.ts';
import type { CommentPolicy } from './comments.ts';
import type { Facts } from './facts.ts';
import { contentRefusals } from './file-content.ts';
import { likeNameOf } from './file-name.ts';
import { compareIds } from './id-ranges.ts';
import type { Refusal } from './link.ts';
import { type Attachment, isSameRecord, type Snapshot, type SystemName, type Visibility } from './ticket.ts';

/** Where one file stands. */
export interface FileStanding {
  readonly file: Attachment;
  /** The record that has it. */
  readonly of: Snapshot;
  readonly state: FileState;
}

export type FileState =
  /** It stays where it is: a copy of ours, of an automatic letter, or of words that stay where they are. */
  | { readonly is: 'kept'; readonly why: 'own' | 'automatic' | 'internal' }
  | {
      readonly is: 'refused';
      readonly verdict: AttachmentVerdict;
      /** Who may read of it: the requester only of files that he could have seen. */
      readonly visibility: Visibility;
    }
  /** `as` is its id on the other side; empty where a lost memory tells no more. */
  | { readonly is: 'carried'; readonly key: ActionKey; readonly as: string }
  | {
      readonly is: 'waiting';
      readonly key: ActionKey;
      readonly verdict: AttachmentVerdict;
      /** Who may see it and what is said beside it. */
      readonly visibility: Visibility;
    };

/** Files in one state. */
export type FileIn<Is extends FileState['is']> = FileStanding & { readonly state: Extract<FileState, { is: Is }> };

export function thoseThatAre<Is extends FileState['is']>(
  standings: readonly FileStanding[],
  is: Is,
): readonly FileIn<Is>[] {
  return standings.filter((each): each is FileIn<Is> => each.state.is === is);
}

/** How files go from one record to the other. */
export interface FilePolicies {
  readonly attachments: AttachmentPolicy;
  readonly comments: CommentPolicy;
}

/** Where every file of both records stands, those of the ticket first, in the order of their ids. */
export function fileStandings(facts: Facts, policies: FilePolicies, issueSystem: SystemName): readonly FileStanding[] {
  const { ticket, issue } = facts;
  return [
    ...standingsOf(ticket, issue, issue?.ref.system ?? issueSystem, facts, policies),
    ...(issue === undefined ? [] : standingsOf(issue, ticket, ticket.ref.system, facts, policies)),
  ];
}

function standingsOf(
  of: Snapshot,
  target: Snapshot | undefined,
  system: SystemName,
  facts: Facts,
  policies: FilePolicies,
): readonly FileStanding[] {
  const isTicket = of === facts.ticket;
  const shownFor = readersOf(of, isTicket, policies);
  const copyOf = copiesIn(target, system, facts);
  return of.attachments
    .toSorted((left, right) => compareIds(left.id, right.id))
    .map((file) => {
      const visibility = shownFor(file);
      if (visibility === 'own' || visibility === 'automatic' || visibility === 'stays') {
        return { file, of, state: { is: 'kept', why: visibility === 'stays' ? 'internal' : visibility } };
      }

      const key = `attach:${system}:${file.id}`;
      const as = copyOf(file, key);
      if (as !== undefined) {
        return { file, of, state: { is: 'carried', key, as } };
      }

      const verdict = verdictOn(file, key, isTicket, facts, policies.attachments);
      return {
        file,
        of,
        state:
          verdict.verdict === 'refused'
            ? { is: 'refused', verdict, visibility }
            : { is: 'waiting', key, verdict, visibility },
      };
    });
}

/** By name and size, and then by what became of it on the way: a file that was refused there is not sent again. */
function verdictOn(
  file: Attachment,
  key: ActionKey,
  isOfTicket: boolean,
  { ticket, link }: Facts,
  policy: AttachmentPolicy,
): AttachmentVerdict {
  const refusal = link.refused[key];
  if (refusal?.code === 'FILE_REFUSED' && !isForgiven(refusal, isOfTicket, policy)) {
    return judgeRefusal(file, refusal, policy);
  }

  return isOfTicket || policy.filesOfIssue === 'same_list'
    ? judgeOnce(file, ticket, policy)
    : { verdict: 'allowed', rule: 'everything', clause: 'R10', text: '', evidence: file.name };
}

/** What is in a file no longer counts once the mapping says so. */
function isForgiven({ reason }: Refusal, isOfTicket: boolean, policy: AttachmentPolicy): boolean {
  return contentRuleOf(isOfTicket, policy) === 'ignored' && contentRefusals.some((each) => each === reason);
}

function contentRuleOf(isOfTicket: boolean, { content, filesOfIssue }: AttachmentPolicy): AttachmentPolicy['content'] {
  return isOfTicket || filesOfIssue === 'same_list' ? content : 'ignored';
}

/** Whether the content of the file that the action carries has to be what its name promises. */
export function contentRuleFor(
  action: Action,
  { ticket }: Facts,
  policy: AttachmentPolicy,
): AttachmentPolicy['content'] {
  const isOfTicket =
    action.do !== 'attach' || !('from' in action.source) || isSameRecord(action.source.from, ticket.ref);
  return contentRuleOf(isOfTicket, policy);
}

interface Judged {
  readonly policy: AttachmentPolicy;
  readonly service: string | undefined;
  readonly verdict: AttachmentVerdict;
}

/** A look decides anew after each of its actions, and with hundreds of files judging them is most of that. */
const judged = new WeakMap<Attachment, Judged>();

function judgeOnce(file: Attachment, ticket: Snapshot, policy: AttachmentPolicy): AttachmentVerdict {
  const { service } = ticket;
  const known = judged.get(file);
  if (known !== undefined && known.policy === policy && known.service === service) {
    return known.verdict;
  }

  const verdict = judgeAttachment(file, ticket, policy);
  judged.set(file, { policy, service, verdict });
  return verdict;
}

/**
 * Who may see the file on the other side: those who may see the comment that it came with. A file that its system ties to
 * no comment belongs to the record, and the policy says who sees those of an issue; one whose comment is not shown to us
 * is internal, for nobody knows better.
 */
function readersOf(of: Snapshot, isTicket: boolean, { attachments, comments }: FilePolicies) {
  const writtenWith = new Map(of.comments.map((comment) => [comment.id, comment]));
  const internal = isTicket ? comments.toIssue.internalNotes : comments.toTicket.restrictedComments;
  return ({ commentId, isOwn, marker }: Attachment): Visibility | 'own' | 'automatic' | 'stays' => {
    const comment = commentId === undefined ? undefined : writtenWith.get(commentId);
    if (isOwn === true || marker !== undefined || comment?.marker !== undefined) {
      return 'own';
    }
    if (comment?.by === 'system') {
      return 'automatic';
    }
    if (commentId === undefined) {
      return isTicket ? 'internal' : attachments.toTicket.visibility;
    }
    if (comment?.visibility === 'public') {
      return isTicket ? 'public' : comments.toTicket.visibility;
    }

    return internal === 'carried' ? 'internal' : 'stays';
  };
}

/**
 * Finds the copy of a file: remembered, marked with its key, or, after a lost memory, one of the bridge's own files of the
 * same name and size that is nobody else's copy. Copies are given out once: the same file twice has two.
 */
function copiesIn(target: Snapshot | undefined, system: SystemName, { link }: Facts) {
  const marked = new Map<ActionKey, string>();
  const spare = new Map<string, string[]>();
  const taken = new Set(
    Object.entries(link.done).flatMap(([key, effect]) => (key.startsWith(`attach:${system}:`) ? [effect] : [])),
  );
  for (const { id, name, size, isOwn, marker } of target?.attachments ?? []) {
    if (marker !== undefined) {
      marked.set(marker, id);
    } else if (isOwn === true && !taken.has(id)) {
      const alike = likenessOf(name, size);
      spare.set(alike, [...(spare.get(alike) ?? []), id]);
    }
  }

  return ({ name, size }: Attachment, key: ActionKey): string | undefined =>
    link.done[key] ?? marked.get(key) ?? spare.get(likenessOf(name, size))?.shift();
}

function likenessOf(name: string, size: number): string {
  return `${size}/${likeNameOf(name)}`;
}
