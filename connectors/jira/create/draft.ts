import type { Draft } from '../../../src/domain/action.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import type { Catalogue } from '../catalogue.ts';
import { type WireFields, writeFields } from '../fields.ts';
import type { Gateway } from '../http/gateway.ts';
import { withMarker } from '../marker.ts';
import type { JiraOptions } from '../options.ts';
import { labelOf, summaryOf } from '../text/limits.ts';

/** A draft in JIRA's shapes, project and type aside. */
export interface Drafted {
  readonly fields: WireFields;
  /** What goes along only where the screen shows it, and is set later otherwise. */
  readonly extras: WireFields;
}

interface DraftParts {
  readonly options: JiraOptions;
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
}

/**
 * The draft together with its marker. Names go as ids where the catalogue knows them, so that
 * a renamed or translated name still fits. Throws `REFUSED` for a field that the configuration does not know.
 */
export async function writeDraft(
  draft: Draft,
  origin: Ref,
  { options, gateway, catalogue }: DraftParts,
  signal: AbortSignal,
): Promise<Drafted> {
  const dialect = await gateway.dialect(signal);
  const { priority } = draft;
  const known = priority === undefined ? undefined : await catalogue.find('priority', priority, signal);
  const fields = {
    ...writeFields(draft.fields, options, dialect),
    summary: summaryOf(draft.title, options),
    description: dialect.writeText(draft.text, options),
    ...(priority === undefined ? {} : { priority: known === undefined ? { name: priority } : { id: known.id } }),
    ...(draft.labels.length === 0
      ? {}
      : { labels: [...new Set(draft.labels.map((label) => labelOf(label, options)))] }),
  };
  const extras = Object.entries(draft.extras ?? {}).filter(([name]) => Object.hasOwn(options.fields, name));
  return {
    fields: withMarker(fields, origin, options),
    extras: writeFields(Object.fromEntries(extras), options, dialect),
  };
}
