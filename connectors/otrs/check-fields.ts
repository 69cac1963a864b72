import type { ExpectedNames } from '../../src/connector.ts';
import type { CheckParts, Report } from './check.ts';
import { type Objection, objectionToUpdate } from './probe.ts';
import type { WireTicket } from './wire.ts';

interface Trial {
  readonly field: string;
  readonly value: string;
  /** What to do if OTRS does not take the value. */
  readonly advice: string;
}

/** OTRS lists every valid dynamic field of a record, the empty ones too; a search for an unknown one would find all. */
export async function checkFields(
  parts: CheckParts,
  ticket: WireTicket,
  expected: ExpectedNames,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { options } = parts;
  const known = new Set(ticket.DynamicField.map(({ Name }) => Name));
  const lacks = 'No valid ticket field has this name.';
  for (const [logical, name] of Object.entries(options.dynamic_fields)) {
    if (known.has(name)) {
      report('ok', `dynamic field ${name}`, `Exists; known to the mappings as ${logical}.`);
    } else {
      report('error', `dynamic field ${name}`, `${lacks} Create it, or correct dynamic_fields.${logical}.`);
    }
  }

  const mark = options.ticket_marker_field;
  if (known.has(mark)) {
    report('ok', `dynamic field ${mark}`, 'Exists; marks the tickets that the bridge opens.');
  } else {
    const advice = 'The bridge can open no ticket without it: create it (text), or correct ticket_marker_field.';
    report('error', `dynamic field ${mark}`, `${lacks} ${advice}`);
  }

  await checkArticleField(parts, ticket, known, report, signal);
  const trials = trialsOf(parts, expected).filter(({ field }) => known.has(field));
  await checkValues(parts, ticket, trials, report, signal);
}

/** The marker is asked for by an article that is never written. OTRS would take a field of tickets as well. */
async function checkArticleField(
  parts: CheckParts,
  { TicketID }: WireTicket,
  ofTickets: ReadonlySet<string>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const marker = parts.options.article_marker_field;
  if (ofTickets.has(marker)) {
    const advice = 'the bridge would not find its articles again. Create it anew with the object Article (text).';
    report('error', `article field ${marker}`, `It is a field of tickets: ${advice}`);
    return;
  }

  const change = {
    Article: { Subject: 'bridge check', Body: 'bridge check', ContentType: 'text/plain; charset=utf-8' },
    DynamicField: [{ Name: marker, Value: 'bridge check' }],
  };
  const objection = await objectionToUpdate(parts, TicketID, change, signal);
  if (objection.to === 'nothing') {
    report('ok', `article field ${marker}`, 'Exists.');
  } else if (objection.to === 'something else') {
    report('warning', `article field ${marker}`, unreadable(objection));
  } else {
    report('error', `article field ${marker}`, 'No valid article field (text) has this name. Create it.');
  }
}

/** Every value that the bridge may write, in one request; one by one only if that one meets an objection. */
async function checkValues(
  parts: CheckParts,
  { TicketID }: WireTicket,
  trials: readonly Trial[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const objectionTo = (tried: readonly Trial[]) =>
    objectionToUpdate(
      parts,
      TicketID,
      { DynamicField: tried.map(({ field, value }) => ({ Name: field, Value: value })) },
      signal,
    );
  if (trials.length === 0) {
    return;
  }

  if ((await objectionTo(trials)).to === 'nothing') {
    report('ok', 'values of fields', `OTRS takes all that may be written into ${countOf(trials)} fields.`);
    return;
  }

  for (const trial of trials) {
    const objection = await objectionTo([trial]);
    if (objection.to === 'something else') {
      report('warning', `dynamic field ${trial.field}`, unreadable(objection));
    } else if (objection.to !== 'nothing') {
      report('error', `dynamic field ${trial.field}`, trial.advice);
    }
  }
}

/** A field that takes any text is of another type than the rules expect, and people may write into it what none knows. */
export async function checkTypesOfFields(
  parts: CheckParts,
  { TicketID, DynamicField }: WireTicket,
  expected: ExpectedNames,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set(DynamicField.map(({ Name }) => Name));
  for (const { field, advice } of limitsOf(parts, expected).filter((limit) => known.has(limit.field))) {
    const change = { DynamicField: [{ Name: field, Value: 'bridge check' }] };
    if ((await objectionToUpdate(parts, TicketID, change, signal)).to === 'nothing') {
      report('warning', `dynamic field ${field}`, `It takes any text: ${advice}`);
    }
  }
}

function limitsOf({ options }: CheckParts, expected: ExpectedNames): readonly Pick<Trial, 'field' | 'advice'>[] {
  return Object.entries(options.dynamic_fields).flatMap(([logical, field]) => {
    if (options.checkboxes.includes(logical)) {
      return [{ field, advice: `make it a checkbox, or take ${logical} out of checkboxes.` }];
    }

    if (options.moments.includes(logical)) {
      return [{ field, advice: `make it a field of date and time, or take ${logical} out of moments.` }];
    }

    const keys = expected.ticketFieldValues.filter((value) => value.field === logical).map(({ name }) => name);
    return keys.length === 0
      ? []
      : [{ field, advice: `make it a dropdown with the keys ${keys.join(', ')}; the rules know no others.` }];
  });
}

/** Of the closing block, which people fill as well. */
const SOLUTION = 'solution';

/** Ticks, moments, texts of the bridge and keys of the rules. What else a field takes is the administrator's business. */
function trialsOf({ options }: CheckParts, expected: ExpectedNames): readonly Trial[] {
  const { checkboxes, moments, dynamic_fields: fields } = options;
  const ours = new Set(expected.ticketFieldsShown.map(({ name }) => name));
  return Object.entries(fields).flatMap(([logical, field]): readonly Trial[] => {
    if (checkboxes.includes(logical)) {
      return [
        { field, value: '1', advice: `It takes no tick: make it a checkbox, or take ${logical} out of checkboxes.` },
      ];
    }

    if (moments.includes(logical)) {
      const advice = `It takes no date and time: make it a field of that type, or take ${logical} out of moments.`;
      return [{ field, value: '2026-01-31 23:59:59', advice }];
    }

    if (ours.has(logical) || logical === SOLUTION) {
      return [
        {
          field,
          value: 'bridge check',
          advice: 'The bridge writes text into it, which it does not take: make it a text field.',
        },
      ];
    }

    return expected.ticketFieldValues
      .filter((value) => value.field === logical)
      .map(({ name, at }) => ({
        field,
        value: name,
        advice: `${at}: it does not take «${name}»: add this key to the dropdown, or correct the mapping.`,
      }));
  });
}

function countOf(trials: readonly Trial[]): number {
  return new Set(trials.map(({ field }) => field)).size;
}

export function unreadable(objection: Extract<Objection, { readonly to: 'something else' }>): string {
  return `Not verified: asked for something impossible, OTRS objects to something else: ${objection.message}`;
}
