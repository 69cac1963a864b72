import type { ActionKey } from './action.ts';
import type { AttachmentPolicy } from './attachments.ts';
import type { Facts } from './facts.ts';
import { abstain, act, combine, type Judgement, nothing, type Reason } from './reason.ts';
import { fill } from './template.ts';
import { type Comment, nameOf, type Snapshot } from './ticket.ts';
import { issueValues, ticketValues } from './vocabulary.ts';

const CONTENT_TYPE = 'text/plain; charset=utf-8';

/**
 * A text that was too long for its place in the issue is cut there, and its whole is added as a file. Words that only some
 * may read in the issue are not: everyone who sees an issue sees its files.
 */
export function judgeWholeTexts(facts: Facts, policy: AttachmentPolicy): Judgement {
  const { ticket, issue } = facts;
  if (issue === undefined) {
    return nothing;
  }

  const values = { ...ticketValues(ticket, policy.wording), ...issueValues(issue) };
  const ofTicket =
    issue.isTextCut === true
      ? attachOnce(facts, issue, 'attach:text:issue', fill(policy.wholeText.ofTicket, values), ticket.text, {
          rule: 'whole-text-goes-as-a-file',
          clause: 'R51',
          evidence: `the description of ${nameOf(issue.ref)} had to be cut`,
        })
      : nothing;
  const articles = new Map(ticket.comments.map((comment) => [comment.id, comment]));
  return combine([
    ofTicket,
    ...issue.comments
      .filter(({ isCut }) => isCut === true)
      .map((copy) => ofComment(copy, articles.get(sourceOf(copy, issue)), issue)),
  ]);

  function ofComment(copy: Comment, article: Comment | undefined, issue: Snapshot): Judgement {
    if (article === undefined) {
      return nothing;
    }

    const evidence = `comment ${copy.id} of ${nameOf(issue.ref)} had to be cut`;
    if (copy.visibility !== 'public' || article.visibility !== 'public') {
      return abstain({
        rule: 'whole-text-stays-internal',
        clause: 'R51a',
        evidence: `${evidence}; it is internal, and files are not`,
      });
    }

    const name = fill(policy.wholeText.ofComment, { ...values, 'comment.id': article.id });
    return attachOnce(facts, issue, `attach:text:${article.id}`, name, article.text, {
      rule: 'whole-text-goes-as-a-file',
      clause: 'R51a',
      evidence,
    });
  }
}

/** The article that a comment of the bridge is a copy of; empty where it is none. */
function sourceOf({ marker = '' }: Comment, { ref }: Snapshot): string {
  const [, system, id = ''] = /^comment:([^:@]+):([^:@]+)(?:@.*)?$/.exec(marker) ?? [];
  return system === ref.system ? id : '';
}

/** Nothing if it was done, or if the issue shows a file of ours that is called so. */
function attachOnce(
  { link }: Facts,
  issue: Snapshot,
  key: ActionKey,
  name: string,
  text: string,
  reason: Omit<Reason, 'action'>,
): Judgement {
  const isShown = issue.attachments.some((file) => file.marker === key || (file.isOwn === true && file.name === name));
  return link.done[key] !== undefined || isShown || link.refused[key]?.code === 'FILE_REFUSED'
    ? nothing
    : act(
        {
          do: 'attach',
          key,
          ref: issue.ref,
          file: { name, contentType: CONTENT_TYPE, size: bytesOf(text) },
          source: { text },
          note: { subject: '', text: '', visibility: 'public' },
          besides: [],
        },
        reason,
      );
}

/** Bytes of the text as UTF-8; a half of a pair becomes a sign of three bytes. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}
