import type { Condition, ConditionProperty } from '../domain/condition.ts';

interface ConditionRow {
  readonly property: ConditionProperty;
  readonly is?: readonly string[] | undefined;
  readonly is_not?: readonly string[] | undefined;
  readonly filled?: true | undefined;
  readonly empty?: true | undefined;
}

/** A condition of a mapping, which has exactly one test. */
export function compileCondition({ property, is, is_not, filled }: ConditionRow): Condition {
  if (is !== undefined) {
    return { property, test: 'is', values: is };
  }

  if (is_not !== undefined) {
    return { property, test: 'is_not', values: is_not };
  }

  return { property, test: filled === true ? 'filled' : 'empty' };
}
