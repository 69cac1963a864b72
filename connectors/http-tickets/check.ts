import type { ExpectedNames, Finding } from '../../src/connector.ts';
import { explain, toBridgeError } from '../../src/errors.ts';
import { nearest } from '../../src/spelling.ts';
import type { Send } from './gateway.ts';
import type { HttpTicketsOptions } from './options.ts';
import { wireAbout } from './wire.ts';

interface Checking {
  readonly system: string;
  readonly options: HttpTicketsOptions;
  readonly send: Send;
}

/** Asks the system who it is, and compares the names that the rules use there. */
export async function checkTickets(
  { system, options, send }: Checking,
  { adjacent }: ExpectedNames,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    const about = await send({ method: 'GET', path: '/about', shape: wireAbout, signal });
    const missing = (what: string, name: string, known: readonly string[], at: string): readonly Finding[] => {
      if (known.includes(name)) {
        return [];
      }
      const meant = nearest(name, known);
      const advice = meant === undefined ? `it has ${known.join(', ')}` : `did you mean «${meant}»?`;
      return [error(`${system}: ${what} ${name}`, `${at}: «${about.name}» has no ${what} «${name}»; ${advice}`)];
    };
    const ours = adjacent.filter((each) => each.system === system);
    return [
      { level: 'ok', subject: system, message: `«${about.name}» answers at ${options.base_url}` },
      ...ours.flatMap(({ name, state, fields, at }) => [
        ...missing('queue', name, about.queues, at),
        ...missing('state', state, about.states, at),
        ...fields.flatMap((field) => {
          const there = options.fields[field];
          return there === undefined
            ? [
                error(
                  `${system}: field ${field}`,
                  `${at}: the rules use «${field}» there; name its field under \`fields\``,
                ),
              ]
            : missing('field', there, about.fields, at);
        }),
      ]),
    ];
  } catch (thrown) {
    return [error(system, explain(toBridgeError(thrown)))];
  }
}

function error(subject: string, message: string): Finding {
  return { level: 'error', subject, message };
}
