import type { ExpectedAdjacent, Finding } from '../connector.ts';
import type { Ability, SystemName } from '../domain/ticket.ts';
import type { Desks } from '../flow/gather.ts';
import type { AppConfig } from './config.ts';
import { takesWebhooks } from './systems.ts';

const MISSING: Readonly<Record<Ability, string>> = {
  comments: 'takes no comments: words of tickets do not reach their linked tickets there',
  files: 'takes no files: those of tickets do not reach their linked tickets there',
  state: 'does not tell states: nobody hears that a linked ticket there is closed',
  fields: 'keeps no fields: linked tickets there do not show their ticket',
};

/** What the connected systems of their own cannot do, and whether the rules use them at all. */
export function checkAdjacent(
  config: Pick<AppConfig, 'systems' | 'mappings'>,
  desks: Desks,
  expected: readonly ExpectedAdjacent[],
): readonly Finding[] {
  return Object.keys(config.systems).flatMap((system) => {
    const rows = expected.filter((each) => each.system === system);
    const [row] = rows;
    return row === undefined
      ? [
          warning(
            system,
            `No row of ${config.mappings}/related-systems.yaml names it in \`system\`, so nothing is opened there.`,
          ),
        ]
      : [...checkAbilities(system, row, desks), ...checkWebhook(config, system)];
  });
}

function checkAbilities(system: SystemName, { title, at }: ExpectedAdjacent, desks: Desks): readonly Finding[] {
  const { lacks = [] } = desks[system] ?? {};
  return lacks.map((ability) =>
    warning(
      `${system}: ${ability}`,
      `${at}: the system of ${title} ${MISSING[ability]}. Each ticket says so in a note.`,
    ),
  );
}

function checkWebhook(config: Pick<AppConfig, 'systems'>, system: SystemName): readonly Finding[] {
  return takesWebhooks(config, system)
    ? []
    : [
        warning(
          `webhooks: ${system}`,
          `None is taken, so changes there show only when the sweep finds them. Set systems.${system}.webhook and let the system tell of changes.`,
        ),
      ];
}

function warning(subject: string, message: string): Finding {
  return { level: 'warning', subject, message };
}
