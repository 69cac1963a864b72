import { z } from 'zod';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { labelOf } from './limits.ts';
import type { JiraOptions } from './options.ts';

/** What the bridge writes into the entity property of everything it creates. */
export interface Marker {
  /** Id of the ticket that an issue was opened for; comments need none. */
  readonly ticket?: string | undefined;
  /** The key of the action. */
  readonly key: string;
}

const marker = z.object({ ticket: z.string().optional(), key: z.string() });

/** The marker among the properties of an issue or a comment. */
export function markerOf(
  properties: readonly { readonly key: string; readonly value?: unknown }[],
  propertyKey: string,
): Marker | undefined {
  const property = properties.find(({ key }) => key === propertyKey);
  return marker.safeParse(property?.value).data;
}

/** The searchable half of an issue's marker; the property proves it. */
export function markerLabel(origin: Ref, options: Pick<JiraOptions, 'label_prefix' | 'bmp_only'>): string {
  return labelOf(`${options.label_prefix}${nameOf(origin)}`, options);
}
