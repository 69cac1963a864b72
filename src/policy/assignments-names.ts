import type { At, Use } from './names-in-use.ts';
import type { Mappings } from './schema.ts';

type Path = readonly (string | number)[];

/** Every name of OTRS and JIRA in `assignments.yaml`, by its kind. */
export function assignmentNames({ assignments }: Pick<Mappings, 'assignments'>, at: At) {
  const { groups, owner, returns, misrouted } = assignments;
  const use = (name: string | undefined, ...path: Path): readonly Use[] =>
    name === undefined ? [] : [{ name, at: at('assignments', path) }];
  const ofRules = (property: string) =>
    returns.rules.flatMap(({ on, from = [], to = [] }, index) =>
      on === property
        ? [
            ...from.flatMap((name, place) => use(name, 'returns', 'rules', index, 'from', place)),
            ...to.flatMap((name, place) => use(name, 'returns', 'rules', index, 'to', place)),
          ]
        : [],
    );
  const fieldRules = returns.rules.flatMap(({ on }, index) =>
    on.startsWith('fields.') ? [{ field: on.slice('fields.'.length), on, index }] : [],
  );
  return {
    ticketQueues: [
      ...groups.flatMap(({ ticket_queues }, index) =>
        ticket_queues.flatMap((name, place) => use(name, 'groups', index, 'ticket_queues', place)),
      ),
      ...ofRules('ticket_queue'),
    ],
    ticketStates: ofRules('state'),
    ticketOwners: [
      ...groups.flatMap(({ coordinators }, index) =>
        coordinators.flatMap((name, place) => use(name, 'groups', index, 'coordinators', place)),
      ),
      ...ofRules('owner'),
    ],
    ticketFields: [
      ...fieldRules.flatMap(({ field, index }) => use(field, 'returns', 'rules', index, 'on')),
      ...use(returns.reason.field, 'returns', 'reason', 'field'),
      ...use(returns.shown, 'returns', 'shown'),
    ],
    ticketFieldValues: fieldRules.flatMap(({ field, on }) => ofRules(on).map((each) => ({ ...each, field }))),
    issueStatuses: [
      ...use(misrouted?.issue_status, 'misrouted', 'issue_status'),
      ...use(misrouted?.back.issue_status, 'misrouted', 'back', 'issue_status'),
    ],
    resolutions: use(misrouted?.resolution, 'misrouted', 'resolution'),
    issueFields: use(owner?.field, 'owner', 'field'),
  };
}
