import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { abstain, type Judgement, nothing } from './reason.ts';
import type { Snapshot } from './ticket.ts';

/** Somebody whom the regulation names by role. */
export interface Contact {
  readonly name: string;
  readonly email: string;
}

/** A regional branch (МРФ). */
export interface Branch {
  readonly name: string;
  /** The customer companies of the ticket system whose people belong to the branch. */
  readonly companies: readonly string[];
  /** IANA zone for people of the branch; deadlines do not depend on it. */
  readonly zone?: string;
  /** At least one. */
  readonly curators: readonly Contact[];
}

/** One person under the names that both systems know. */
export interface Account {
  /** Login of the agent in the ticket system. */
  readonly agent: string;
  /** Name of the user in the issue system. */
  readonly user: string;
}

/** Whose letters count as those of employees (R8). */
export interface EmployeeAddresses {
  readonly domains: readonly string[];
  readonly subdomains: 'included' | 'excluded';
}

export interface PeoplePolicy {
  readonly branches: readonly Branch[];
  /** Heads of the support lines, who watch their tickets (R33). */
  readonly heads: Readonly<Record<'line2' | 'line3', Contact>>;
  readonly accounts: readonly Account[];
  readonly employees: EmployeeAddresses;
}

/** The branch that the requester belongs to; undefined where the mapping knows no branch with his company. */
export function branchOf(ticket: Snapshot, branches: readonly Branch[]): Branch | undefined {
  const company = ticket.requester?.branch;
  return company === undefined
    ? undefined
    : branches.find(({ companies }) => companies.some((each) => isSameText(each, company)));
}

/** Who watches over the ticket: the curators of its branch (R32). An unknown branch is said and holds nothing up (R1). */
export function judgeBranch({ ticket }: Facts, { branches }: PeoplePolicy): Judgement {
  if (ticket.phase === 'done') {
    return nothing;
  }

  const company = ticket.requester?.branch;
  const branch = branchOf(ticket, branches);
  if (branch === undefined) {
    const shown = company === undefined ? 'the requester has no company' : `the requester's company is «${company}»`;
    return abstain({
      rule: 'branch-is-not-known',
      clause: 'R1',
      evidence: `${shown}; known are ${branches.flatMap(({ companies }) => companies).join(', ')}`,
    });
  }

  return abstain({
    rule: 'curator-watches-the-ticket',
    clause: 'R32',
    evidence: `company «${company}» belongs to ${branch.name}: ${branch.curators.map(({ name }) => name).join(', ')}`,
  });
}

/** Whether the address is one of an employee (R8). A sender's address alone proves nothing: it is easily forged. */
export function isEmployeeAddress(address: string, { domains, subdomains }: EmployeeAddresses): boolean {
  const [, domain] = /^[^@\s]+@([^@\s]+?)\.?$/.exec(address.trim().toLocaleLowerCase('ru')) ?? [];
  return (
    domain !== undefined &&
    domains
      .map((each) => each.toLocaleLowerCase('ru'))
      .some((each) => domain === each || (subdomains === 'included' && domain.endsWith(`.${each}`)))
  );
}
