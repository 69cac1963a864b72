import { placeholdersOf } from '../domain/template.ts';
import { nearest, strayLetters } from '../spelling.ts';

/** What is wrong with the placeholders of one text, in words for the person who edits it. */
export interface PlaceholderFault {
  readonly message: string;
  readonly help: string;
}

/** A fault for each placeholder of a text that nothing fills. */
export function unknownPlaceholders(template: string, known: readonly string[]): readonly PlaceholderFault[] {
  const help =
    known.length === 0
      ? 'This text knows no placeholders.'
      : `This text knows ${known.map((name) => `{${name}}`).join(' ')}.`;
  return placeholdersOf(template)
    .filter((name) => !known.includes(name))
    .map((name) => ({ message: `unknown placeholder {${name}}${stray(name)}${guess(name, known)}`, help }));
}

function guess(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `, did you mean {${meant}}?`;
}

/** That a name has letters which only look right, as an addition to its fault; empty if it has none. */
export function stray(name: string): string {
  const letters = strayLetters(name);
  return letters === '' ? '' : ` (it ${letters})`;
}
