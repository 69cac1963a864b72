import type { ExpectedName, ExpectedNames, ExpectedValue, Finding } from '../../../src/connector.ts';
import { nearest, strayLetters } from '../../../src/spelling.ts';
import { type Entry, findCalled } from '../catalogue.ts';
import type { JiraOptions } from '../options.ts';
import { error, warning } from './finding.ts';

/** Most names that a finding lists. */
const LONGEST_LIST = 20;

/** What JIRA has, with its other names where they are known. */
type Known = Pick<Entry, 'name'> & Partial<Entry>;

/** What needs no call: issues are opened in watched projects, and the fields that the rules read are configured. */
export function checkConfigured(options: JiraOptions, expected: ExpectedNames): readonly Finding[] {
  const known = Object.keys(options.fields);
  return [
    ...expected.projects
      .filter(({ name }) => !options.projects.includes(name))
      .map(({ name, at }) =>
        error(
          `project ${name}`,
          `${at}: issues are opened in «${name}»${guess(name, options.projects)} jira.projects does not name it, so nobody would look after them: correct one of the two.`,
        ),
      ),
    ...expected.issueFields
      .filter(({ name }) => !known.includes(name))
      .map(({ name, at }) =>
        warning(
          `field ${name}`,
          `${at}: the rules use «${name}» of an issue, and jira.fields does not name it: for them it is empty, and writing it is refused.`,
        ),
      ),
  ];
}

/** A finding for each name that JIRA does not have in any language, nor as an id. */
export function compareNames(
  kind: string,
  expected: readonly ExpectedName[],
  known: readonly Known[],
): readonly Finding[] {
  const entries = known.map(({ name, id = '', names = [] }) => ({ name, id, names }));
  const shown = known.map(({ name }) => name);
  return expected.flatMap(({ name, at }) => {
    if (findCalled(entries, name) !== undefined) {
      return [];
    }

    const all = shown.slice(0, LONGEST_LIST).map((each) => `«${each}»`);
    const list = `${all.join(', ')}${shown.length > LONGEST_LIST ? ', …' : ''}`;
    const has = shown.length === 0 ? 'It has none' : `It has ${list}`;
    return [error(`${kind} ${name}`, `${at}: JIRA has no ${kind} «${name}»${guess(name, shown)} ${has}.`)];
  });
}

/** Values of issue fields: those of the field `components` are known to the projects, others only to screens. */
export function compareValues(
  { fields }: JiraOptions,
  expected: readonly ExpectedValue[],
  components: readonly string[],
): readonly Finding[] {
  const isComponent = ({ field }: ExpectedValue) => fields[field] === 'components';
  const others = expected.filter((value) => !isComponent(value) && fields[value.field] !== undefined);
  return [
    ...compareNames(
      'component',
      expected.filter(isComponent),
      components.map((name) => ({ name })),
    ),
    ...(others.length === 0
      ? []
      : [
          warning(
            'field values',
            `not verified, compare them with JIRA yourself: ${others.map(({ field, name }) => `${field} «${name}»`).join(', ')}`,
          ),
        ]),
  ];
}

/** What may have been meant, up to the end of the sentence. */
function guess(name: string, known: readonly string[]): string {
  const stray = strayLetters(name);
  const meant = nearest(name, known);
  return `${stray === '' ? '' : ` (it ${stray})`}${meant === undefined ? '.' : `, did you mean «${meant}»?`}`;
}
