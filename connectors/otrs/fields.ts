import { DateTime } from 'luxon';
import type { Fields, FieldValue } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { toNaive } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import { storable } from './storable.ts';

/** Logical names of what OTRS keeps in the ticket itself rather than in a dynamic field. */
const TICKET_ATTRIBUTES: Readonly<Record<string, string>> = {
  title: 'Title',
  priority: 'Priority',
  type: 'Type',
  service: 'Service',
  ticket_queue: 'Queue',
  owner: 'Owner',
};

export interface WireChange {
  readonly Ticket?: Readonly<Record<string, string | object>>;
  readonly DynamicField?: readonly { readonly Name: string; readonly Value: FieldValue }[];
}

/** The fields in OTRS's words. Throws `REFUSED` for a name that the configuration does not know. */
export function toWire(fields: Fields, options: OtrsOptions): WireChange {
  const attributes: Record<string, string> = {};
  const dynamicFields: { Name: string; Value: FieldValue }[] = [];
  for (const [logical, value] of Object.entries(fields)) {
    const attribute = TICKET_ATTRIBUTES[logical];
    const name = options.dynamic_fields[logical];
    if (name !== undefined) {
      dynamicFields.push({ Name: name, Value: toValue(logical, value, options) });
    } else if (attribute !== undefined && typeof value === 'string' && value !== '') {
      attributes[attribute] = value;
    } else {
      throw new BridgeError('REFUSED', unknownField(logical, attribute, options));
    }
  }
  return {
    ...(Object.keys(attributes).length === 0 ? {} : { Ticket: attributes }),
    ...(dynamicFields.length === 0 ? {} : { DynamicField: dynamicFields }),
  };
}

function toValue(logical: string, value: FieldValue, options: OtrsOptions): FieldValue {
  if (typeof value !== 'string') {
    return value.map((part) => storable(part, options.max_text_length));
  }

  if (options.moments.includes(logical) && value !== '') {
    const moment = DateTime.fromISO(value, { zone: 'utc' });
    // OTRS refuses any other form of a time.
    return moment.isValid ? toNaive(moment, options.time_zone) : storable(value);
  }

  if (options.checkboxes.includes(logical) && value === '') {
    return '0'; // An emptied checkbox would look unticked all the same, but this says what is meant.
  }

  return storable(value, options.max_text_length);
}

function unknownField(logical: string, attribute: string | undefined, options: OtrsOptions): string {
  if (attribute !== undefined) {
    return `The field ${logical} of a ticket in OTRS takes one value and cannot be cleared`;
  }

  const known = [...Object.keys(options.dynamic_fields), ...Object.keys(TICKET_ATTRIBUTES)].join(', ');
  return `The field ${logical} is not in dynamic_fields of the OTRS configuration; known are ${known}`;
}
