import { z } from 'zod';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import type { WireFields } from './fields.ts';
import type { JiraOptions } from './options.ts';
import { quoteJql } from './search.ts';
import { labelOf, summaryOf } from './text/limits.ts';

/** What the bridge writes into the entity property of everything it creates. */
export interface Marker {
  /** Id of the ticket that an issue was opened for; comments need none. */
  readonly ticket?: string | undefined;
  /** The key of the action. */
  readonly key: string;
}

type MarkerOptions = Pick<JiraOptions, 'marker' | 'label_prefix' | 'bmp_only'>;

const marker = z.object({ ticket: z.string().optional(), key: z.string() });

/** The marker among the properties of an issue or a comment. */
export function markerOf(
  properties: readonly { readonly key: string; readonly value?: unknown }[],
  propertyKey: string,
): Marker | undefined {
  const property = properties.find(({ key }) => key === propertyKey);
  return marker.safeParse(property?.value).data;
}

/** The field that carries the searchable half of an issue's marker; the property proves it. */
export function carrierOf({ marker: { find_by, field } }: MarkerOptions): string {
  switch (find_by) {
    case 'label':
      return 'labels';
    case 'field':
      return field ?? '';
    case 'summary':
      return 'summary';
  }
}

/** The fields of a new issue with the searchable half of its marker. */
export function withMarker(fields: WireFields, origin: Ref, options: MarkerOptions): WireFields {
  const text = markerText(origin, options);
  const carrier = carrierOf(options);
  switch (options.marker.find_by) {
    case 'label':
      return { ...fields, labels: [...new Set([fields.labels ?? [], text].flat())] };
    case 'field':
      return { ...fields, [carrier]: text };
    case 'summary':
      return { ...fields, summary: summaryOf(`${text} ${fields.summary ?? ''}`, options) };
  }
}

/** Finds at least the issues that carry it: JIRA searches texts by their words. */
export function markerJql(origin: Ref, options: MarkerOptions): string {
  const text = markerText(origin, options);
  switch (options.marker.find_by) {
    case 'label':
      return `labels = ${quoteJql(text)}`;
    case 'field':
      return `${carrierOf(options).replace(/^customfield_(\d+)$/u, 'cf[$1]')} ~ ${quoteJql(`"${text}"`)}`;
    case 'summary':
      return `summary ~ ${quoteJql(`"${text.slice(1, -1)}"`)}`;
  }
}

/** Whether the fields of an issue show exactly this marker. A label can be typed by hand and proves nothing. */
export function showsMarker(fields: Readonly<WireFields>, origin: Ref, options: MarkerOptions): boolean {
  const shown = fields[carrierOf(options)];
  const text = markerText(origin, options);
  switch (options.marker.find_by) {
    case 'label':
      return false;
    case 'field':
      return shown === text;
    case 'summary':
      return typeof shown === 'string' && shown.startsWith(`${text} `);
  }
}

function markerText(origin: Ref, options: MarkerOptions): string {
  return options.marker.find_by === 'summary'
    ? `[${origin.system.toUpperCase()} ${nameOf(origin)}]`
    : labelOf(`${options.label_prefix}${nameOf(origin)}`, options);
}
