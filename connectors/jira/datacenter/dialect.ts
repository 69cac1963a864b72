import { z } from 'zod';
import type { Dialect, SearchPage } from '../dialect.ts';
import { toPlain } from '../text/plain.ts';
import { toWiki } from '../text/wiki.ts';
import { wireFoundIssue } from '../wire.ts';

/** JIRA Data Center and Server: wiki text, user names, pages by position. */
export const dataCenter: Dialect = {
  name: 'datacenter',
  title: 'JIRA Data Center',
  writeText: toWiki,
  readText: (content) => (typeof content === 'string' ? toPlain(content) : ''),
  writeUser: (name) => ({ name }),
  readUser: ({ name, key }) => name ?? key,
  search: ({ jql, size, from, fields = [] }) => ({
    method: 'POST',
    path: '/search',
    body: { jql, startAt: Number(from ?? 0), maxResults: size, fields: ['updated', ...fields] },
    shape: searchPage,
  }),
};

const searchPage = z
  .object({ startAt: z.number(), total: z.number(), issues: z.array(wireFoundIssue) })
  .transform(({ startAt, total, issues }): SearchPage => ({ issues, next: nextStart(startAt, issues.length, total) }));

/**
 * An issue that leaves the search between two pages (deleted, moved away) moves the later ones one place up, so pages
 * overlap by a quarter.
 */
function nextStart(startAt: number, length: number, total: number): string | undefined {
  return length === 0 || startAt + length >= total ? undefined : String(startAt + length - Math.floor(length / 4));
}
