import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { BridgeError } from '../errors.ts';
import type { Database, Queries } from './database.ts';
import { letterOf } from './letter-rows.ts';
import type { LetterGroup } from './letters.ts';
import { momentOf, textOf } from './rows.ts';
import type { DeadLetterTable, Schema } from './schema.ts';
import type { DeadLetter, DeadLetterFilter, LetterFilter } from './store.ts';

type Where = ExpressionBuilder<Schema, 'dead_letter'>;

/**
 * What a filter means in SQL. A state is always named, for the indexes begin with it. A search for words goes through the one
 * index that holds them and all else that can be asked for, unless it is one within a group: the others would lead to every
 * letter by itself.
 */
export function matching(filter: LetterFilter) {
  const { ticket, state, code, fingerprint, system, since, until, text } = filter;
  return (where: Where): Expression<SqlBool> => {
    const is = (column: 'code' | 'system', value: string | undefined) =>
      value === undefined
        ? []
        : [
            text === undefined
              ? where(column, '=', textOf(value))
              : where(where.fn.coalesce(column, sql.lit('')), '=', textOf(value)),
          ];
    return where.and([
      state === undefined ? where('state', 'in', ['open', 'resolved', 'discarded']) : where('state', '=', state),
      ...(ticket === undefined ? [] : [ofTicket(where, ticket)]),
      ...is('code', code),
      ...(fingerprint === undefined ? [] : [where('fingerprint', '=', textOf(fingerprint))]),
      ...is('system', system),
      ...(since === undefined ? [] : [where('at', '>=', since.toMillis())]),
      ...(until === undefined ? [] : [where('at', '<', until.toMillis())]),
      ...(text === undefined ? [] : [where('words', 'like', sql<string>`${patternOf(text)} escape '!'`)]),
    ]);
  };
}

/** By id and by number, each through its index. */
function ofTicket(where: Where, { id, key }: NonNullable<LetterFilter['ticket']>): Expression<SqlBool> {
  const byId = where.selectFrom('dead_letter as own').select('own.id').where('own.ticket', '=', textOf(id));
  const byNumber = where
    .selectFrom('dead_letter as own')
    .select('own.id')
    .where('own.ticket_key', '=', textOf(key ?? id));
  return where('id', 'in', byId.union(byNumber));
}

function patternOf(text: string): string {
  return `%${literally(text)}%`;
}

/** What `like` is told where an id begins so. */
export function beginsWith(text: string) {
  return sql<string>`${`${literally(text)}%`} escape '!'`;
}

function literally(text: string): string {
  return textOf(text)
    .toLowerCase()
    .replace(/[!%_]/g, (sign) => `!${sign}`)
    .replace(/\s+/g, ' ');
}

/**
 * One page, newest first; letters of one moment go by their ids. The page is found in an index, and only its own letters are
 * read: they are large.
 */
export async function deadLetters(database: Database, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const { after, limit } = filter;
  const page = database.queries
    .selectFrom('dead_letter')
    .select('id')
    .where(matching(filter))
    .$if(after !== undefined, (query) =>
      query.where((where) => {
        const at = after?.at.toMillis() ?? 0;
        return where.and([
          where('at', '<=', at),
          where.or([where('at', '<', at), where('id', '>', textOf(after?.id ?? ''))]),
        ]);
      }),
    )
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(Math.max(0, Math.floor(limit)));
  const rows = await database.queries
    .selectFrom('dead_letter')
    .selectAll()
    .where('id', 'in', page)
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => letterOf(database, row));
}

export async function oldestLetter(database: Database, filter: LetterFilter): Promise<DeadLetter> {
  const row = await database.queries
    .selectFrom('dead_letter')
    .selectAll()
    .where(matching(filter))
    .orderBy('first_at')
    .orderBy('id')
    .executeTakeFirst();
  if (row === undefined) {
    throw new BridgeError('LETTER_UNKNOWN', 'no letter is like that');
  }
  return letterOf(database, row);
}

export async function countLetters({ queries }: { readonly queries: Queries }, filter: LetterFilter): Promise<number> {
  const { letters } = await queries
    .selectFrom('dead_letter')
    .select(({ fn }) => fn.countAll<number>().as('letters'))
    .where(matching(filter))
    .executeTakeFirstOrThrow();
  return letters;
}

/** See the contract. */
export async function letterGroups(
  database: Database,
  filter: LetterFilter,
  limit: number,
): Promise<readonly LetterGroup[]> {
  const groups = await database.queries
    .selectFrom('dead_letter')
    .select(({ fn }) => [
      'fingerprint',
      'code',
      'system',
      fn.countAll<number>().as('letters'),
      fn.count<number>('ticket').distinct().as('tickets'),
      fn.min('first_at').as('oldest'),
      fn.max('at').as('newest'),
    ])
    .where(matching(filter))
    .groupBy(['fingerprint', 'code', 'system'])
    .orderBy('letters', 'desc')
    .orderBy('newest', 'desc')
    .orderBy('fingerprint')
    .limit(Math.max(0, Math.floor(limit)))
    .execute();

  const found: LetterGroup[] = [];
  for (const { fingerprint, code, system, letters, tickets, oldest, newest } of groups) {
    const [example] = await deadLetters(database, { ...filter, fingerprint, code, limit: 1 });
    if (example !== undefined) {
      found.push({
        fingerprint,
        code,
        ...(system === null ? {} : { system }),
        letters,
        tickets,
        oldest: momentOf(oldest),
        newest: momentOf(newest),
        example,
      });
    }
  }
  return found;
}

/** See the contract. */
export async function lettersLike(
  database: Database,
  beginning: string,
  limit: number,
): Promise<readonly DeadLetter[]> {
  const rows = await database.queries
    .selectFrom('dead_letter')
    .selectAll()
    .where('id', 'like', beginsWith(beginning))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => letterOf(database, row));
}

/** Revisions form a chain: each is an edited copy of one, and none has two. */
export async function revisions(database: Database, id: string): Promise<readonly DeadLetter[]> {
  const rowBy = (column: 'id' | 'revision_of', value: string): Promise<DeadLetterTable | undefined> =>
    database.queries.selectFrom('dead_letter').selectAll().where(column, '=', textOf(value)).executeTakeFirst();
  const chain: DeadLetterTable[] = [];
  for (let row = await rowBy('id', id); row !== undefined; ) {
    chain.unshift(row);
    row = row.revision_of === null ? undefined : await rowBy('id', row.revision_of);
  }
  for (let last = chain.at(-1); last !== undefined; ) {
    last = await rowBy('revision_of', last.id);
    chain.push(...(last === undefined ? [] : [last]));
  }
  return chain.map((row) => letterOf(database, row));
}
