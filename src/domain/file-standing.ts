import type { Action, ActionKey } from './action.ts';
import {
  type AttachmentPolicy,
  type AttachmentVerdict,
  judgeAttachment,
  judgeRefusal,
  refuseEverything,
} from './attachments.ts';
import type { Internal } from './comment-ways.ts';
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
      /** Why it did not arrive so far; it is sent again. */
      readonly trouble?: AttachmentVerdict;
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

/** One way in which files go. */
export interface FileWay {
  readonly of: Snapshot;
  /** Absent before the other record is open. */
  readonly target: Snapshot | undefined;
  /** Names the way in the keys of its actions, for ever: `attach:<channel>:<id>`. */
  readonly channel: string;
  /** What becomes of files that came with internal words. */
  readonly internal: Internal;
  /** Who sees what everybody sees here. */
  readonly publicAs: Visibility;
  /** Who sees a file that came with no words at all. */
  readonly untied: Visibility;
  /** Whether they keep to the list of permitted files. */
  readonly list: 'same_list' | 'everything';
  /** Whether the system of the target takes no files at all. */
  readonly takesNone?: boolean;
}

/** Where every file of ticket and issue stands, those of the ticket first, in the order of their ids. */
export function fileStandings(facts: Facts, policies: FilePolicies, issueSystem: SystemName): readonly FileStanding[] {
  return issueFileWays(facts, policies, issueSystem).flatMap((way) => standingsOn(way, facts, policies.attachments));
}

/** The two ways between ticket and issue; the way back is there once the issue is. */
export function issueFileWays(
  { ticket, issue }: Facts,
  { attachments, comments }: FilePolicies,
  issueSystem: SystemName,
): readonly FileWay[] {
  const there: FileWay = {
    of: ticket,
    target: issue,
    channel: issue?.ref.system ?? issueSystem,
    internal: comments.toIssue.internalNotes,
    publicAs: 'public',
    untied: 'internal',
    list: 'same_list',
  };
  return issue === undefined
    ? [there]
    : [
        there,
        {
          of: issue,
          target: ticket,
          channel: ticket.ref.system,
          internal: comments.toTicket.restrictedComments,
          publicAs: comments.toTicket.visibility,
          untied: attachments.toTicket.visibility,
          list: attachments.filesOfIssue,
        },
      ];
}

/** Where the files of a way stand, in the order of their ids. */
export function standingsOn(way: FileWay, facts: Facts, policy: AttachmentPolicy): readonly FileStanding[] {
  const { of, channel } = way;
  const shownFor = readersOf(way);
  const copyOf = copiesIn(way, facts);
  return of.attachments
    .toSorted((left, right) => compareIds(left.id, right.id))
    .map((file) => {
      const visibility = shownFor(file);
      if (visibility === 'own' || visibility === 'automatic' || visibility === 'stays') {
        return { file, of, state: { is: 'kept', why: visibility === 'stays' ? 'internal' : visibility } };
      }

      const key = `attach:${channel}:${file.id}`;
      const as = copyOf(file, key);
      if (as !== undefined) {
        return { file, of, state: { is: 'carried', key, as } };
      }

      const verdict = verdictOn(file, key, way, facts, policy);
      if (verdict.verdict === 'refused') {
        return { file, of, state: { is: 'refused', verdict, visibility } };
      }

      const refusal = facts.link.refused[key];
      const isTrouble = refusal !== undefined && refusal.code !== 'FILE_REFUSED';
      const trouble = isTrouble ? { trouble: judgeRefusal(file, refusal, policy) } : {};
      return { file, of, state: { is: 'waiting', key, verdict, visibility, ...trouble } };
    });
}

/** By name and size, and then by what became of it on the way: a file that was refused there is not sent again. */
function verdictOn(
  file: Attachment,
  key: ActionKey,
  { list, takesNone }: FileWay,
  { ticket, link }: Facts,
  policy: AttachmentPolicy,
): AttachmentVerdict {
  if (takesNone === true) {
    return refuseEverything(file, policy);
  }

  const refusal = link.refused[key];
  if (refusal?.code === 'FILE_REFUSED' && !isForgiven(refusal, list, policy)) {
    return judgeRefusal(file, refusal, policy);
  }

  return list === 'same_list'
    ? judgeOnce(file, ticket, policy)
    : { verdict: 'allowed', rule: 'everything', clause: 'R10', text: '', evidence: file.name };
}

/** What is in a file no longer counts once the mapping says so. */
function isForgiven({ reason }: Refusal, list: FileWay['list'], policy: AttachmentPolicy): boolean {
  return contentRuleOf(list, policy) === 'ignored' && contentRefusals.some((each) => each === reason);
}

function contentRuleOf(list: FileWay['list'], { content }: AttachmentPolicy): AttachmentPolicy['content'] {
  return list === 'same_list' ? content : 'ignored';
}

/** Whether the content of the file that the action carries has to be what its name promises. */
export function contentRuleFor(
  action: Action,
  { issue }: Facts,
  policy: AttachmentPolicy,
): AttachmentPolicy['content'] {
  const isOfIssue =
    action.do === 'attach' &&
    'from' in action.source &&
    issue !== undefined &&
    isSameRecord(action.source.from, issue.ref);
  return contentRuleOf(isOfIssue ? policy.filesOfIssue : 'same_list', policy);
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
 * no comment belongs to the record, and the way says who sees those; one whose comment is not shown to us is internal, for
 * nobody knows better.
 */
function readersOf({ of, internal, publicAs, untied }: FileWay) {
  const writtenWith = new Map(of.comments.map((comment) => [comment.id, comment]));
  return ({ commentId, isOwn, marker }: Attachment): Visibility | 'own' | 'automatic' | 'stays' => {
    const comment = commentId === undefined ? undefined : writtenWith.get(commentId);
    if (isOwn === true || marker !== undefined || comment?.marker !== undefined) {
      return 'own';
    }
    if (comment?.by === 'system') {
      return 'automatic';
    }
    if (commentId === undefined) {
      return untied;
    }
    if (comment?.visibility === 'public') {
      return publicAs;
    }

    return internal === 'carried' ? 'internal' : 'stays';
  };
}

/**
 * Finds the copy of a file: remembered, marked with its key, or, after a lost memory, one of the bridge's own files of the
 * same name and size that is nobody else's copy. Copies are given out once: the same file twice has two.
 */
function copiesIn({ target, channel }: FileWay, { link }: Facts) {
  const marked = new Map<ActionKey, string>();
  const spare = new Map<string, string[]>();
  const taken = new Set(
    Object.entries(link.done).flatMap(([key, effect]) => (key.startsWith(`attach:${channel}:`) ? [effect] : [])),
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
