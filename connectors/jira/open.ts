import type { Draft } from '../../src/domain/action.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { writeFields } from './fields.ts';
import type { Gateway } from './gateway.ts';
import { labelOf, summaryOf } from './limits.ts';
import { markerLabel } from './marker.ts';
import type { JiraOptions } from './options.ts';
import { wireCreated } from './wire.ts';

/** Opens an issue that carries both halves of its marker, the label and the property, in one call. */
export async function openIssue(
  draft: Draft,
  key: string,
  origin: Ref,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly key: string }> {
  const dialect = await gateway.dialect(signal);
  return gateway.send({
    method: 'POST',
    path: '/issue',
    body: {
      fields: {
        ...writeFields(draft.fields, options, dialect),
        project: { key: draft.project },
        issuetype: { name: draft.type },
        summary: summaryOf(draft.title, options),
        description: dialect.writeText(draft.text, options),
        ...(draft.priority === undefined ? {} : { priority: { name: draft.priority } }),
        labels: [...new Set([...draft.labels.map((label) => labelOf(label, options)), markerLabel(origin, options)])],
      },
      properties: [{ key: options.marker_property, value: { ticket: origin.id, key } }],
    },
    about: `for ticket ${nameOf(origin)}`,
    effect: 'once',
    shape: wireCreated,
    signal,
  });
}
