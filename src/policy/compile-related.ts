import type { PriorityPolicy } from '../domain/priority.ts';
import type { RelatedPolicy } from '../domain/related.ts';
import { phraseCompiler } from './phrases.ts';
import type { Mappings } from './schema.ts';
import { stem } from './stem.ts';

/** Valid routes -> the policy of adjacent systems. Texts are read as they are for the priority. */
export function compileRelated(mapping: Mappings['related-systems'], priority: PriorityPolicy): RelatedPolicy {
  const compiler = phraseCompiler({}, stem);
  return {
    decidedBy: mapping.decided_by,
    systems: mapping.systems.map(({ ticket_queue, named_by, ...system }) => ({
      ...system,
      ticketQueue: ticket_queue,
      namedBy: named_by.map(compiler.phrase),
    })),
    texts: { sources: priority.sources, readAtMost: priority.readAtMost, stem },
    negation: priority.negation,
  };
}
