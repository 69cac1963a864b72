import type { Use } from './names-in-use.ts';
import type { Mappings } from './schema.ts';

type At = (path: readonly (string | number)[]) => string;

/** The names of OTRS that access.yaml uses, besides those of its conditions. */
export function accessNames({ approval, task, checklist }: Mappings['access'], at: At) {
  const services = (names: readonly string[] | undefined, section: string): readonly Use[] =>
    (names ?? []).map((name, index) => ({ name, at: at([section, 'services', index]) }));
  const ofTask = (key: 'service' | 'ticket_queue' | 'type' | 'state'): readonly Use[] =>
    task === undefined ? [] : [{ name: task[key], at: at(['task', key]) }];
  const fields = (['recorded_in', 'refused_in', 'shown_in'] as const).flatMap((key) =>
    approval === undefined ? [] : [{ name: approval[key], at: at(['approval', key]) }],
  );
  return {
    services: [
      ...services(approval?.services, 'approval'),
      ...ofTask('service'),
      ...services(checklist?.services, 'checklist'),
    ],
    ticketQueues: ofTask('ticket_queue'),
    types: ofTask('type'),
    states: ofTask('state'),
    links: task?.link === undefined ? [] : [{ name: task.link, at: at(['task', 'link']) }],
    fields: [...fields, ...(task === undefined ? [] : [{ name: 'inherited_start', at: at(['task']) }])],
  };
}
