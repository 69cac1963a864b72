import type { Fault } from '../yaml.ts';
import type { Sources } from './load.ts';
import type { Mappings } from './schema.ts';
import { unknownState } from './status-cross-check.ts';

/** States of the closing gate that nobody explains. */
export function crossCheckClosure({ closure, status }: Mappings, { closure: source }: Sources): readonly Fault[] {
  return [
    ...unknownState(closure.closed_state, ['closed_state'], status, source),
    ...unknownState(closure.waiting_state, ['waiting_state'], status, source),
  ];
}
