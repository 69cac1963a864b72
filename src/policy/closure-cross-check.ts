import { isSameText } from '../domain/condition.ts';
import type { Fault } from '../yaml.ts';
import type { Sources } from './load.ts';
import type { Mappings } from './schema.ts';
import { unknownState } from './status-cross-check.ts';

/** States of the closing gate that nobody explains, a wait that would pause the terms, and rules that contradict. */
export function crossCheckClosure(mappings: Mappings, sources: Sources): readonly Fault[] {
  const { closure, status } = mappings;
  const { closure: source } = sources;
  const update = closure.ships_in_update;
  return [
    ...unknownState(closure.closed_state, ['closed_state'], status, source),
    ...unknownState(closure.waiting_state, ['waiting_state'], status, source),
    ...(update === undefined ? [] : unknownState(update.state, ['ships_in_update', 'state'], status, source)),
    ...wrongUpdateState(mappings, sources),
    ...unequalCodes(mappings, sources),
    ...shortReasons(mappings, sources),
    ...foreignLetters(mappings, sources),
  ];
}

/** Waiting for an installation is no ground for a pause (R52), and no closed state is a wait. */
function wrongUpdateState({ closure, status }: Mappings, { closure: source }: Sources): readonly Fault[] {
  const wanted = closure.ships_in_update?.state;
  const meaning = status.states.find(({ state }) => wanted !== undefined && isSameText(state, wanted));
  const fault = (message: string, help: string) => [source.fault(['ships_in_update', 'state'], 'value', message, help)];
  if (meaning?.phase === 'done') {
    return fault(
      'a ticket cannot wait for an installation in a state that ends it',
      'Name an open state in which it waits.',
    );
  }

  return meaning?.pauses === true
    ? fault(
        'waiting for an installation would pause the terms, and R52 gives no ground for that',
        'Name another state, or take `pauses` from this one in status.yaml.',
      )
    : [];
}

/** One code has one meaning, for an agent's own choice of code is judged by it. */
function unequalCodes({ closure }: Mappings, { closure: source }: Sources): readonly Fault[] {
  return closure.codes.flatMap((row, index) => {
    const first = closure.codes.findIndex(({ code }) => isSameText(code, row.code));
    const earlier = closure.codes[first];
    return earlier === undefined || (earlier.family === row.family && earlier.needs_reason === row.needs_reason)
      ? []
      : [
          source.fault(
            ['codes', index, 'code'],
            'value',
            `row ${first + 1} gives the code «${row.code}» another \`family\` or \`needs_reason\``,
            'Give both rows the same, or use two codes.',
          ),
        ];
  });
}

function shortReasons({ closure }: Mappings, { closure: source }: Sources): readonly Fault[] {
  return closure.reason.min_length >= closure.solution.min_length
    ? []
    : [
        source.fault(
          ['reason', 'min_length'],
          'value',
          `a reason may not be shorter than any solution, which has ${closure.solution.min_length} characters`,
          'Raise it, or lower `solution.min_length`.',
        ),
      ];
}

function foreignLetters({ closure, services }: Mappings, { closure: source }: Sources): readonly Fault[] {
  const ours = services.services.map(({ service }) => service);
  return (closure.closing_letter?.services ?? []).flatMap((name, index) =>
    ours.some((service) => isSameText(service, name))
      ? []
      : [
          source.fault(
            ['closing_letter', 'services', index],
            'value',
            `services.yaml does not list the service «${name}»`,
            `Use one of ${ours.map((each) => `«${each}»`).join(', ')}, or add it there.`,
          ),
        ],
  );
}
