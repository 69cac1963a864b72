import type { Facts } from '../facts.ts';
import { textOf } from '../field-value.ts';
import { act, type Judgement, nothing } from '../reason.ts';
import { nameOf } from '../ticket.ts';
import { PARENT_TICKET } from './policy.ts';

/**
 * A linked ticket that took in the ticket that it was opened for goes on alone: the requester is heard and answered here
 * from now on, so it shows no ticket above it.
 */
export function judgeTakenParent({ ticket }: Facts): Judgement {
  const shown = textOf(ticket.fields[PARENT_TICKET]);
  const parent = ticket.mergedFrom?.find(({ key }) => key !== undefined && shown?.includes(key) === true);
  return parent === undefined
    ? nothing
    : act(
        { do: 'update', key: 'update:ticket:parent', ref: ticket.ref, fields: { [PARENT_TICKET]: '' } },
        {
          rule: 'parent-was-merged-into-its-linked-ticket',
          clause: 'R65',
          evidence: `${PARENT_TICKET} is «${shown}», and ${nameOf(parent)} was merged into this ticket`,
        },
      );
}
