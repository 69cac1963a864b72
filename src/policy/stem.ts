import { stemmer } from '@orama/stemmers/russian';
import type { Stem } from '../domain/russian.ts';

/** The Russian stemmer of the Snowball project; words of other scripts come back as they are. */
export const stem: Stem = (word) => stemmer(word);
