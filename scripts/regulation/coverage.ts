import type { Clause, Clauses } from './clauses-schema.ts';
import type { Mention } from './mentions.ts';

/** A clause with the places that name it. */
export interface CoveredClause extends Clause {
  /** Mappings, sources and connectors. */
  readonly sources: readonly Mention[];
  readonly tests: readonly Mention[];
}

export interface CoveredChapter {
  readonly title: string;
  readonly clauses: readonly CoveredClause[];
}

/** The chapters with the places that name each clause. */
export function cover({ chapters }: Clauses, mentions: readonly Mention[]): readonly CoveredChapter[] {
  const byClause = Map.groupBy(mentions, ({ clause }) => clause);
  return chapters.map(({ title, clauses }) => ({
    title,
    clauses: clauses.map((clause) => {
      const found = byClause.get(clause.id) ?? [];
      return { ...clause, sources: found.filter((each) => !isTest(each)), tests: found.filter(isTest) };
    }),
  }));
}

/** What the list and the project say differently, one sentence each; empty if they agree. */
export function coverageFaults(list: Clauses, mentions: readonly Mention[]): readonly string[] {
  const covered = cover(list, mentions).flatMap(({ clauses }) => clauses);
  const known = covered.map(({ id }) => id);
  const repeated = known.filter((id, index) => known.indexOf(id) !== index);
  const strangers = mentions.filter(({ clause }) => !known.includes(clause));
  const gaps = list.gaps.flatMap(({ clauses }) => clauses.filter((id) => !known.includes(id)));
  return [
    ...repeated.map((id) => `${id} stands twice in the list of clauses`),
    ...strangers.map(({ clause, path, line }) => `${path}:${line} names ${clause}, which is no clause of the list`),
    ...gaps.map((id) => `a gap names ${id}, which is no clause of the list`),
    ...covered.flatMap(unfounded),
  ];
}

/** A status that nothing in the project bears out. */
function unfounded({ id, status, sources, tests }: CoveredClause): readonly string[] {
  const missing = [
    ...(sources.length === 0 && (status === 'implemented' || status === 'assisted') ? ['no source'] : []),
    ...(tests.length === 0 && status === 'implemented' ? ['no test'] : []),
  ];
  return missing.map((what) => `${id} is marked ${status}, and ${what} names it`);
}

function isTest({ path }: Mention): boolean {
  return path.startsWith('test/');
}
