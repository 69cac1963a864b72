import type { ExpectedName, ExpectedState, ExpectedTicket } from '../connector.ts';
import { PARENT_TICKET, RELATED_TICKETS } from '../domain/related/policy.ts';
import { shownFields } from './clock-names.ts';
import type { At } from './names-in-use.ts';
import type { Mappings } from './schema.ts';

/** Fields of the ticket that show what the bridge knows. Nobody else writes them. */
export function fieldsOfTheBridge(mappings: Mappings, at: At): readonly ExpectedName[] {
  const { approval, task } = mappings.access;
  const { shown: returns } = mappings.assignments.returns;
  return [
    ...['issue_key', 'issue_url', 'issue_status'].map((name) => ({ name, at: at('escalation', ['reference']) })),
    ...shownFields(mappings, 'ticket', at),
    ...(approval === undefined ? [] : [{ name: approval.shown_in, at: at('access', ['approval', 'shown_in']) }]),
    { name: RELATED_TICKETS, at: at('related-systems', ['shown', 'in_ticket']) },
    { name: PARENT_TICKET, at: at('related-systems', ['shown', 'in_related']) },
    ...(task === undefined ? [] : [{ name: 'inherited_start', at: at('access', ['task']) }]),
    ...(returns === undefined ? [] : [{ name: returns, at: at('assignments', ['returns', 'shown']) }]),
  ];
}

/** The states with what they mean to the rules, where these say so. */
export function withMeaning(states: readonly ExpectedName[], { status }: Mappings): readonly ExpectedState[] {
  const meanings = new Map(status.states.map((row) => [row.state, row]));
  return states.map((state) => {
    const meaning = meanings.get(state.name);
    return meaning === undefined ? state : { ...state, phase: meaning.phase, pauses: meaning.pauses };
  });
}

/** What the bridge opens in the ticket system itself: the support of adjacent systems, and the task of line 2. */
export function ticketsOpened(mappings: Mappings, at: At): readonly ExpectedTicket[] {
  const { systems, drafts } = mappings['related-systems'];
  const { task } = mappings.access;
  return [
    ...systems.flatMap(({ system, service, ticket_queue: name, open }, index) => {
      const draft = system === 'otrs' ? drafts[open] : undefined;
      const place = at('related-systems', ['systems', index, 'ticket_queue']);
      return draft === undefined ? [] : [{ name, at: place, service, ...attributesOf(draft) }];
    }),
    ...(task === undefined
      ? []
      : [
          {
            name: task.ticket_queue,
            at: at('access', ['task', 'ticket_queue']),
            service: task.service,
            ...attributesOf(task),
          },
        ]),
  ];
}

function attributesOf({ type, state, requester }: { type: string; state: string; requester?: string | undefined }) {
  return { type, state, ...(requester === undefined ? {} : { requester }) };
}
