import type { Branch, PeoplePolicy } from '../domain/people.ts';
import type { Mappings } from './schema.ts';

/** Valid branches and people -> what decisions and texts know of them. */
export function compilePeople({ branches, heads, people, employees }: Mappings['people']): PeoplePolicy {
  return {
    branches: branches.map(
      ({ name, companies, zone, curators }): Branch => ({
        name,
        companies,
        curators,
        ...(zone === undefined ? {} : { zone }),
      }),
    ),
    heads: { line2: heads.line_2, line3: heads.line_3 },
    accounts: people,
    employees,
  };
}
