import type { ExpectedNames } from '../../src/connector.ts';
import type { Report } from './check.ts';
import { checkLogicalNames, stray } from './check-names.ts';
import { unwatchedOf } from './guide/guide.ts';
import type { OtrsOptions } from './options.ts';

/** What needs no call: whether the rules and the configuration fit each other. */
export function checkConfigured(options: OtrsOptions, expected: ExpectedNames, report: Report): void {
  checkLogicalNames(options, expected, report);
  const unwatched = unwatchedOf(options, expected);
  if (unwatched.length > 0) {
    const shown = unwatched.map((name) => `«${name}»${stray(name)}`).join(', ');
    const places = expected.tickets.filter(({ name }) => unwatched.includes(name)).map(({ at }) => at);
    const advice = 'webhooks alone tell of their changes. Name them in otrs.watch, if the sweep should see them too.';
    report(
      'warning',
      'watch',
      `${[...new Set(places)].join(', ')}: the rules open tickets in ${shown}, which are not watched: ${advice}`,
    );
  }
}
