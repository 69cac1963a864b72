import { z } from 'zod';
import type { Dialect, SearchPage } from '../dialect.ts';
import { wireFoundIssue } from '../wire.ts';
import { toAdf } from './adf.ts';
import { fromAdf } from './read-adf.ts';

/** JIRA Cloud: documents, account ids, pages by token. */
export const cloud: Dialect = {
  name: 'cloud',
  title: 'JIRA Cloud',
  writeText: toAdf,
  readText: fromAdf,
  writeUser: (accountId) => ({ accountId }),
  readUser: ({ accountId }) => accountId,
  search: ({ jql, size, from, fields = [] }) => ({
    method: 'POST',
    path: '/search/jql',
    body: {
      jql,
      maxResults: size,
      fields: ['updated', ...fields],
      ...(from === undefined ? {} : { nextPageToken: from }),
    },
    shape: searchPage,
  }),
};

/** A page may be empty and still not be the last; the token alone tells. */
const searchPage = z
  .object({ issues: z.array(wireFoundIssue), nextPageToken: z.string().nullish(), isLast: z.boolean().nullish() })
  .transform(
    ({ issues, nextPageToken, isLast }): SearchPage => ({
      issues,
      next: isLast === true ? undefined : (nextPageToken ?? undefined),
    }),
  );
