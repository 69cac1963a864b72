import type { Facts } from './facts.ts';
import { textOf } from './field-value.ts';
import { abstain, act, combine, type Judgement, nothing } from './reason.ts';
import { nameOf, type Snapshot } from './ticket.ts';

/** How an agent ties other issues to the ticket's: by their keys in a field of the ticket. */
export interface RelatedIssuesPolicy {
  /** Logical name of the ticket's field. */
  readonly field: string;
  /** Name or id of the link type. */
  readonly type: string;
  readonly clause: string;
}

/** A slip of the clipboard must not become a thousand calls. */
const MOST_LINKS = 20;

/** Links the issue with every other one that the ticket names, once each. Taking a key away takes no link away. */
export function judgeRelatedIssues(facts: Facts, policy: RelatedIssuesPolicy | undefined): Judgement {
  const { issue, link, ticket } = facts;
  if (policy === undefined || issue === undefined) {
    return nothing;
  }

  const { keys, odd } = readKeys(textOf(ticket.fields[policy.field]) ?? '', issue);
  return combine([
    ...keys
      .slice(0, MOST_LINKS)
      .map((key) => ({ key, action: `relate:issue:${key}` }))
      .filter(({ action }) => link.done[action] === undefined)
      .map(({ key, action }) => relate(issue, key, action, policy)),
    tellOdd([...odd, ...keys.slice(MOST_LINKS)], policy),
  ]);
}

/** Keys in the order of writing, each once; whole addresses of issues count as their keys. */
function readKeys(
  text: string,
  issue: Snapshot,
): { readonly keys: readonly string[]; readonly odd: readonly string[] } {
  const words = text.split(/[\s,;]+/u).filter((word) => word !== '');
  const named = words.map((word) => word.replace(/^https?:\/\/\S*\/browse\//, '').toUpperCase());
  const own = nameOf(issue.ref).toUpperCase();
  const isKey = (name: string) => /^[A-Z][A-Z0-9_]*-[1-9]\d*$/.test(name) && name !== own;
  return {
    keys: [...new Set(named.filter(isKey))],
    odd: words.filter((_, index) => !isKey(named[index] ?? '')),
  };
}

function relate(issue: Snapshot, key: string, action: string, { type, field, clause }: RelatedIssuesPolicy): Judgement {
  return act(
    {
      do: 'relate',
      key: action,
      ref: issue.ref,
      to: { system: issue.ref.system, id: key, key },
      as: 'related',
      title: key,
      url: '',
      type,
    },
    { rule: 'ticket-names-a-related-issue', clause, evidence: `${field} of the ticket names ${key}` },
  );
}

function tellOdd(words: readonly string[], { field, clause }: RelatedIssuesPolicy): Judgement {
  const shown = words.slice(0, MOST_LINKS).map((word) => `«${word.slice(0, 100)}»`);
  return words.length === 0
    ? nothing
    : abstain({
        rule: 'related-issue-cannot-be-linked',
        clause,
        evidence: `${field} of the ticket names ${shown.join(', ')}${words.length > shown.length ? ' and more' : ''}: no key of another issue, or more than ${MOST_LINKS} of them`,
        notable: true,
      });
}
