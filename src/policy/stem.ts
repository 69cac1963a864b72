import { stemmer } from '@orama/stemmers/russian';
import type { Stem } from '../domain/russian.ts';

/** A vowel that comes and goes: «заявка, заявок», «ошибка, ошибок», «движок, движка». */
const FLEETING = /(?<=[а-я]{2}[бвгджзлмнпрстфхцчшщ])[ео](?=к$)/;

/** The Russian stemmer of the Snowball project, and fleeting vowels; words of other scripts come back as they are. */
export const stem: Stem = (word) => stemmer(word).replace(FLEETING, '');
