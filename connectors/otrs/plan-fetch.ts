import type { Comment } from '../../src/domain/ticket.ts';

/** An article by what it adds to an answer. */
export interface ArticlePlace {
  readonly id: string;
  readonly sender: SenderType;
  /** Bytes of its text and of its files. */
  readonly bytes: number;
}

export type SenderType = 'customer' | 'agent' | 'system';

/** Which articles a call asks for: OTRS gives those of some senders, so many from the beginning or from the end. */
export interface FetchPlan {
  readonly sender?: SenderType;
  readonly order: 'ASC' | 'DESC';
  readonly limit: number;
  readonly bytes: number;
}

/** Bytes of contents that OTRS can be asked for at once: it holds all of an answer in its memory, several times over. */
const EASY = 32 * 1024 * 1024;

/** What a call costs besides its contents, in bytes that OTRS writes out in the same time. */
const CALL = 1024 * 1024;

/** Articles that may have come in since the ticket was read: they stand at its end. */
const SLACK = 3;

export function senderOf(by: Comment['by']): SenderType {
  return by === 'requester' ? 'customer' : by;
}

/**
 * The call that fetches the files of article `first` and, as cheaply as possible, of further articles: `wanted` are the bytes
 * that are wanted of each, and `articles` are all of the ticket in order. The articles of a file in the middle cost the
 * half of the ticket whatever is asked; a call may cost twice what it has to, so that it brings the neighbours along. The
 * calls for all files of a ticket then come to little more than its size, and not to its square. Undefined where the article
 * is not there.
 */
export function planFetch(
  articles: readonly ArticlePlace[],
  first: string,
  wanted: ReadonlyMap<string, number>,
): FetchPlan | undefined {
  const place = articles.find(({ id }) => id === first);
  if (place === undefined) {
    return undefined;
  }

  const { sender } = place;
  const alike = articles.filter((each) => each.sender === sender);
  const candidates = [
    ...candidatesIn(alike, first, wanted).map((each) => ({ ...each, sender })),
    ...(alike.length === articles.length ? [] : candidatesIn(articles, first, wanted)),
  ];
  const least = Math.min(...candidates.map(({ bytes }) => bytes));
  const affordable = candidates.filter(({ bytes }) => bytes <= Math.max(EASY, 2 * least));
  const [{ gained: _, ...plan }] = affordable.toSorted((one, other) => priceOf(one) - priceOf(other)) as [Candidate];
  return plan;
}

interface Candidate extends FetchPlan {
  /** Bytes among them that are wanted, and the calls that they would cost later. */
  readonly gained: number;
}

function priceOf({ bytes, gained }: Candidate): number {
  return (bytes + CALL) / gained;
}

/** From the beginning up to an article with something wanted, or from the first one to the end. */
function candidatesIn(
  articles: readonly ArticlePlace[],
  first: string,
  wanted: ReadonlyMap<string, number>,
): readonly Candidate[] {
  const at = articles.findIndex(({ id }) => id === first);
  const candidates: Candidate[] = [];
  const gainOf = (id: string) => (id === first || wanted.has(id) ? CALL + (wanted.get(id) ?? 0) : 0);
  let bytes = 0;
  let gained = 0;
  for (const [index, { id, bytes: own }] of articles.entries()) {
    bytes += own;
    gained += index < at ? 0 : gainOf(id);
    if (index === at || (index > at && wanted.has(id))) {
      candidates.push({ order: 'ASC', limit: index + 1, bytes, gained });
    }
  }

  const before = articles.slice(0, at).reduce((sum, each) => sum + each.bytes, 0);
  const limit = articles.length - at + SLACK;
  candidates.push({ order: 'DESC', limit, bytes: bytes - before, gained });
  return candidates;
}
