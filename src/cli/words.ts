import { InvalidArgumentError } from 'commander';

/** On one line, whatever the text is. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Reads an option that is a whole number within bounds. */
export function toWholeNumber(least: number, most: number) {
  return (text: string): number => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}
