import { stemmer } from '@orama/stemmers/russian';
import type { Stem } from '../domain/russian.ts';
import { rememberStems } from './remember-stems.ts';

/** A vowel that comes and goes: «заявка, заявок», «ошибка, ошибок», «движок, движка». */
const FLEETING = /(?<=[а-я]{2}[бвгджзлмнпрстфхцчшщ])[ео](?=к$)/;

/**
 * The Russian stemmer of the Snowball project, and fleeting vowels; words of other scripts come back as they are. One for all
 * rules, so that what one of them has read the others need not read again.
 */
export const stem: Stem = rememberStems((word) => stemmer(word).replace(FLEETING, ''));
