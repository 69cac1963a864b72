import type { WireFields } from '../fields.ts';
import { carrierOf } from '../marker.ts';
import type { JiraOptions } from '../options.ts';
import type { CreateScreen, Place } from './screens.ts';

/** Why no issue can be opened with a mapping until a person mends the mapping or the screen. */
export interface Unsuitable {
  /** Field id. */
  readonly id: string;
  /** Field as people know it, e.g. `customfield_10500 «Контур»`. */
  readonly field: string;
  readonly why: 'demanded' | 'marker' | 'not-shown';
}

/** What is wrong with the fields of an issue for the screen that it is created on. */
export function judgeFields(fields: WireFields, screen: CreateScreen, options: JiraOptions): readonly Unsuitable[] {
  const carrier = carrierOf(options);
  const demanded = [...screen.fields.values()].filter(({ id, isDemanded }) => isDemanded && isEmpty(fields[id]));
  return [
    ...demanded.map(({ id, name }): Unsuitable => ({ id, field: nameField(id, name), why: 'demanded' })),
    ...(screen.fields.has(carrier) ? [] : [{ id: carrier, field: nameField(carrier), why: 'marker' } as const]),
  ];
}

export function nameField(id: string, name?: string): string {
  return name === undefined || name === id ? id : `${id} «${name}»`;
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** One sentence for each kind of fault. */
export function explainUnsuitable({ project, type }: Place, faults: readonly Unsuitable[]): string {
  const screen = `the screen on which JIRA creates «${type}» in ${project}`;
  const fields = (why: Unsuitable['why']) =>
    faults
      .filter((fault) => fault.why === why)
      .map(({ field }) => field)
      .join(', ');
  const sentences = [
    [fields('demanded'), (list: string) => `${screen} demands what the mapping does not fill: ${list}`],
    [
      fields('marker'),
      (list: string) =>
        `${screen} does not show ${list}, which marks an issue so that none is opened twice: put it on the screen, or choose another way with jira.marker.find_by (label, field, summary)`,
    ],
    [
      fields('not-shown'),
      (list: string) => `${screen} does not show ${list}, and jira.fields_not_on_screen is \`refuse\``,
    ],
  ] as const;
  return sentences.flatMap(([list, say]) => (list === '' ? [] : [say(list)])).join('; ');
}
