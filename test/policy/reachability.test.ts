import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answer, type Condition } from '../../src/domain/condition.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { conflictIn, covers } from '../../src/policy/reachability.ts';
import { aTicket } from '../support/records.ts';

const names = ['a', 'б', 'В'];
const values = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
const property = fc.constantFrom('service', 'owner', 'fields.x', 'fields.y');
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ property, test: fc.constantFrom('is', 'is_not'), values }),
  fc.record({ property, test: fc.constantFrom('filled', 'empty') }),
) as fc.Arbitrary<Condition>;
const conditions = fc.array(condition, { minLength: 1, maxLength: 4 });

/** Every ticket that conditions on these names can tell apart. */
const single = [undefined, ...names, 'другое'];
const several = Array.from({ length: 16 }, (_, bits) => [...names, 'другое'].filter((_, index) => bits & (1 << index)));
const tickets = single.flatMap((service) =>
  single.flatMap((owner) =>
    several.flatMap((x) => several.map((y) => withoutAbsent(aTicket({ fields: { x, y } }), { service, owner }))),
  ),
);

function withoutAbsent(
  ticket: Snapshot,
  { service, owner }: Record<'service' | 'owner', string | undefined>,
): Snapshot {
  const { service: _, ...bare } = ticket;
  return { ...bare, ...(service === undefined ? {} : { service }), ...(owner === undefined ? {} : { owner }) };
}

const isMet = (all: readonly Condition[], ticket: Snapshot) => all.every((each) => answer(each, ticket).holds);

describe('what is said about conditions is so for every ticket', () => {
  test('conditions conflict exactly if no ticket meets them', () => {
    fc.assert(
      fc.property(conditions, (all) => {
        expect(conflictIn(all) === undefined).toBe(tickets.some((ticket) => isMet(all, ticket)));
      }),
    );
  });

  test('conditions cover others exactly if every ticket that meets the others meets them', () => {
    fc.assert(
      fc.property(conditions, conditions, (wide, narrow) => {
        const isCovered = tickets.every((ticket) => !isMet(narrow, ticket) || isMet(wide, ticket));
        expect(covers(wide, narrow)).toBe(isCovered);
      }),
    );
  });

  test('names are compared as people read them', () => {
    const service = (name: string): Condition => ({ property: 'service', test: 'is', values: [name] });

    expect(covers([service('Учёт')], [service('учет')])).toBe(true);
    expect(conflictIn([service('Учёт'), service('учет')])).toBeUndefined();
  });
});
