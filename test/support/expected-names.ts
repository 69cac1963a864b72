import type { ExpectedNames } from '../../src/connector.ts';

/** What rules expect that use no names but these. */
export function expectedNames(names: Partial<ExpectedNames> = {}): ExpectedNames {
  return {
    services: [],
    ticketQueues: [],
    ticketTypes: [],
    ticketStates: [],
    ticketPriorities: [],
    ticketOwners: [],
    ticketFields: [],
    ticketFieldValues: [],
    ticketFieldsShown: [],
    tickets: [],
    adjacent: [],
    projects: [],
    issueTypes: [],
    issuePriorities: [],
    issueStatuses: [],
    resolutions: [],
    linkTypes: [],
    ticketLinks: [],
    issueFields: [],
    draftFields: [],
    issueFieldValues: [],
    ...names,
  };
}
