import { commentStandings } from '../domain/comments.ts';
import type { Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { showName } from '../domain/file-name.ts';
import { type FileState, fileStandings } from '../domain/file-standing.ts';
import type { ExplainedComment, ExplainedFile } from './explanation.ts';
import type { Moments } from './moments.ts';

/** Every file of both records with its state and what that rests on. */
export function explainFiles(facts: Facts, policy: Policy): readonly ExplainedFile[] {
  return fileStandings(facts, policy, policy.escalation.issueSystem).map(({ file, of, state }) => ({
    of: of === facts.ticket ? 'ticket' : 'issue',
    id: file.id,
    name: showName(file.name),
    bytes: file.size,
    state: state.is,
    ...aboutState(state, facts),
  }));
}

const kept = {
  own: 'a copy that the bridge wrote',
  automatic: 'it came with an automatic letter',
  internal: 'it came with words that stay where they are',
} as const;

function aboutState(state: FileState, { issue }: Facts): Pick<ExplainedFile, 'because' | 'rule' | 'clause'> {
  switch (state.is) {
    case 'kept':
      return { because: kept[state.why] };
    case 'carried':
      return { because: state.as === '' ? 'it is on the other side' : `it is ${state.as} on the other side` };
    case 'refused':
      return { rule: state.verdict.rule, clause: state.verdict.clause, because: state.verdict.evidence };
    case 'waiting':
      return {
        rule: state.verdict.rule,
        clause: state.verdict.clause,
        because: issue === undefined ? 'it goes when the issue is open' : `it goes as ${state.visibility}`,
      };
  }
}

/** Every comment that people wrote, on either side. */
export function explainComments(facts: Facts, policy: Policy, { iso }: Moments): readonly ExplainedComment[] {
  return commentStandings(facts, policy.comments).flatMap(({ comment, of, standing }) =>
    standing === 'own' || standing === 'automatic'
      ? []
      : [
          {
            of: of === facts.ticket ? 'ticket' : 'issue',
            id: comment.id,
            author: comment.author,
            visibility: comment.visibility,
            ...(comment.editedAt === undefined ? {} : { editedAt: iso(comment.editedAt.toMillis()) }),
            state: standing,
          },
        ],
  );
}
