import type { ZodType } from 'zod';
import type { Call } from './http/call.ts';
import type { TextOptions } from './text/limits.ts';
import type { WireFoundIssue, WireUser } from './wire.ts';

export const dialectNames = ['datacenter', 'cloud'] as const;

export type DialectName = (typeof dialectNames)[number];

/** One page of a search by JQL. */
export interface SearchQuery {
  readonly jql: string;
  readonly size: number;
  /** `next` of the page before; absent for the first page. */
  readonly from?: string | undefined;
  /** What to tell of each issue besides the moment of its last change. */
  readonly fields?: readonly string[];
}

export interface SearchPage {
  readonly issues: readonly WireFoundIssue[];
  /** Leads to the next page; absent on the last. */
  readonly next?: string | undefined;
}

/**
 * Where Data Center (REST version 2) and Cloud (version 3) differ. All else that the bridge uses of the interface is the
 * same in both.
 */
export interface Dialect {
  readonly name: DialectName;
  /** As people call it, e.g. `JIRA Cloud`. */
  readonly title: string;
  /** Untrusted plain text as the content of a rendered field or comment: wiki text or a document, cut at the limit. */
  writeText(text: string, options: TextOptions): unknown;
  /** The content of a rendered field or comment as plain text; empty for whatever else it is. */
  readText(content: unknown): string;
  /** A user as requests name one. */
  writeUser(id: string): Readonly<Record<string, string>>;
  /** What `writeUser` takes for this user; undefined for one whom JIRA no longer names. */
  readUser(user: WireUser): string | undefined;
  /** The search call, whose pages are chained in a different way in each. */
  search(query: SearchQuery): Pick<Call<SearchPage>, 'method' | 'path' | 'body'> & {
    readonly shape: ZodType<SearchPage>;
  };
}
