import { BridgeError } from '../../errors.ts';

/**
 * The text of an action with values set by their paths, e.g. `comment.text=Готово` or `fields.closure_code=Решено`. A value that
 * is JSON but no text is taken as such; everything else is text.
 */
export function setAll(
  { kind, text }: { readonly kind: 'action' | 'body'; readonly text: string },
  assignments: readonly string[],
): string {
  const edited: unknown = parse(kind, text);
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) {
      throw new BridgeError('CASE_INVALID', `--set ${assignment}: write path=value, e.g. comment.text=Готово`);
    }
    setOne(edited, assignment.slice(0, at).trim(), toValue(assignment.slice(at + 1)));
  }
  return `${JSON.stringify(edited, null, 2)}\n`;
}

function parse(kind: 'action' | 'body', text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BridgeError('LETTER_UNUSABLE', `the ${kind} is no JSON: give the whole of it with --file`, { cause });
  }
}

/** Names of fields may have dots in them: the longest name that is there wins. */
function setOne(whole: unknown, path: string, value: unknown): void {
  let place = whole;
  let rest = path;
  for (;;) {
    if (typeof place !== 'object' || place === null) {
      throw new BridgeError(
        'LETTER_UNUSABLE',
        `--set ${path}: there is nothing at «${path.slice(0, -rest.length - 1)}»`,
      );
    }
    const members = place as Record<string, unknown>;
    const known = Object.keys(members)
      .filter((name) => rest === name || rest.startsWith(`${name}.`))
      .toSorted((one, other) => other.length - one.length)[0];
    const name = known ?? (rest.split('.', 1)[0] || rest);
    if (rest === name || known === undefined) {
      Object.defineProperty(members, known ?? rest, { value, writable: true, enumerable: true, configurable: true });
      return;
    }
    place = members[name];
    rest = rest.slice(name.length + 1);
  }
}

function toValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' || typeof value === 'boolean' ? value : text;
  } catch {
    return text;
  }
}
