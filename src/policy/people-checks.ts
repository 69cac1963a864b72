import { isSameText } from '../domain/condition.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import type { Mappings } from './schema.ts';

type People = Mappings['people'];
type Path = readonly (string | number)[];

/** A name that must be unique in its list, and where it stands. */
interface Named {
  readonly name: string;
  readonly path: Path;
}

/** What the schema of `people.yaml` cannot see: one company in two branches, one login of two people. */
export function checkPeople({ branches, people }: People, source: YamlFile): readonly Fault[] {
  const names = branches.map(({ name }, index) => ({ name, path: ['branches', index, 'name'] }));
  const companies = branches.flatMap((branch, index) =>
    branch.companies.map((name, row) => ({ name, path: ['branches', index, 'companies', row] })),
  );
  const agents = people.map(({ agent }, index) => ({ name: agent, path: ['people', index, 'agent'] }));
  const users = people.map(({ user }, index) => ({ name: user, path: ['people', index, 'user'] }));
  return [
    ...repeated(names, source, 'the branch', 'Join the two branches, or give one of them another name.'),
    ...repeated(companies, source, 'the company', 'A company belongs to one branch: remove it from the other.'),
    ...repeated(agents, source, 'the login', 'One agent is one person in JIRA: remove one of the two rows.'),
    ...repeated(users, source, 'the user', 'One user of JIRA is one agent of OTRS: remove one of the two rows.'),
  ];
}

function repeated(rows: readonly Named[], source: YamlFile, what: string, help: string): readonly Fault[] {
  return rows.flatMap(({ name, path }, index) =>
    rows.slice(0, index).some((other) => isSameText(other.name, name))
      ? [source.fault(path, 'value', `${what} «${name}» already stands further up`, help)]
      : [],
  );
}
