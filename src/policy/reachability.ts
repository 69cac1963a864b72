import { type Condition, isSameText } from '../domain/condition.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { compileCondition } from './compile-condition.ts';

type Row = Parameters<typeof compileCondition>[0];

/** One rule of a list in which the first whose conditions all hold decides. */
interface ListedRule {
  readonly name: string;
  readonly when: readonly Row[];
}

/** Rules of a list that can never decide: no ticket meets them, or every ticket that does meets an earlier one too. */
export function checkReachability(list: string, rules: readonly ListedRule[], source: YamlFile): readonly Fault[] {
  const compiled = rules.map(({ name, when }) => ({ name, when: when.map(compileCondition) }));
  return compiled.flatMap(({ name, when }, index) => {
    const conflict = conflictIn(when);
    if (conflict !== undefined) {
      return [
        source.fault(
          [list, index, 'when', conflict],
          'value',
          `\`${when[conflict]?.property}\` cannot meet this and the earlier conditions at once`,
          'Remove one of them: no ticket could ever meet the rule.',
        ),
      ];
    }

    const earlier = compiled
      .slice(0, index)
      .findIndex((rule) => conflictIn(rule.when) === undefined && covers(rule.when, when));
    return earlier < 0
      ? []
      : [
          source.fault(
            [list, index, 'name'],
            'value',
            `«${name}» never decides: whatever meets it also meets «${compiled[earlier]?.name}», which stands above`,
            'Move it above that rule, or remove it.',
          ),
        ];
  });
}

/** Position of the first condition that cannot hold together with those before it; undefined if all can. */
export function conflictIn(conditions: readonly Condition[]): number | undefined {
  const position = conditions.findIndex((_, index) => !canHold(conditions.slice(0, index + 1)));
  return position < 0 ? undefined : position;
}

/** Whether whatever meets the narrow conditions meets the wide ones for certain. */
export function covers(wide: readonly Condition[], narrow: readonly Condition[]): boolean {
  return wide.every((condition) => conflictIn([...narrow, negate(condition)]) !== undefined);
}

function negate(condition: Condition): Condition {
  switch (condition.test) {
    case 'is':
      return { ...condition, test: 'is_not' };
    case 'is_not':
      return { ...condition, test: 'is' };
    case 'filled':
      return { ...condition, test: 'empty' };
    case 'empty':
      return { ...condition, test: 'filled' };
  }
}

/** Properties know nothing of each other, so it is enough that each can have a value. */
function canHold(conditions: readonly Condition[]): boolean {
  const byProperty = Map.groupBy(conditions, ({ property }) => property);
  return [...byProperty.values()].every(hasValue);
}

/** Whether one property can meet all of these. A field may hold several values at once, a property only one. */
function hasValue(conditions: readonly Condition[]): boolean {
  const forbidden = conditions.flatMap((each) => (each.test === 'is_not' ? each.values : []));
  const wanted = conditions.flatMap((each) => (each.test === 'is' ? [each.values] : []));
  const isFilled = wanted.length > 0 || conditions.some(({ test }) => test === 'filled');
  if (conditions.some(({ test }) => test === 'empty') && isFilled) {
    return false;
  }

  const allowed = wanted.map((values) => values.filter((value) => value.trim() !== '' && !includes(forbidden, value)));
  const [first = [], ...others] = allowed;
  const isField = conditions[0]?.property.startsWith('fields.') === true;
  return isField
    ? allowed.every((values) => values.length > 0)
    : wanted.length === 0 || first.some((value) => others.every((values) => includes(values, value)));
}

function includes(values: readonly string[], wanted: string): boolean {
  return values.some((value) => isSameText(value, wanted));
}
