import { z } from 'zod';

/** `implemented` is proven by tests; `assisted`: the bridge helps, a person or another system does it. */
export const statuses = ['implemented', 'assisted', 'planned', 'out of scope'] as const;

const id = z.string().regex(/^R\d+[a-z]?(\.\d+)?$/, 'a clause id such as R50, R51a or R31.4');

const clause = z
  .strictObject({
    id,
    status: z.enum(statuses),
    quote: z.string().min(1).optional(),
    note: z.string().min(1).optional(),
  })
  .refine(({ quote, note }) => quote !== undefined || note !== undefined, {
    message: 'a clause without words of the regulation needs a note that says so',
  });

const gap = z.strictObject({ clauses: z.array(id).min(1), says: z.string().min(1), does: z.string().min(1) });

/** The static part of the page of the regulation. */
export const clausesSchema = z.strictObject({
  chapters: z.array(z.strictObject({ title: z.string().min(1), clauses: z.array(clause).min(1) })).min(1),
  gaps: z.array(gap),
});

export type Clauses = z.output<typeof clausesSchema>;

export type Clause = Clauses['chapters'][number]['clauses'][number];
