import type { RawBuilder, Transaction } from 'kysely';
import type { Schema } from '../schema.ts';
import { firstSchema } from './0001-first-schema.ts';
import { snapshots } from './0002-snapshots.ts';
import { related } from './0003-related.ts';
import { urgentWork } from './0004-urgent-work.ts';
import { letters } from './0005-letters.ts';
import { story } from './0006-story.ts';
import { news } from './0007-news.ts';
import { waiting } from './0008-waiting.ts';
import { retention } from './0009-retention.ts';
import { correlation } from './0010-correlation.ts';

/**
 * A step of the schema. Once released it is never edited: a change is a new step at the end of the list.
 *
 * A step only adds what the version before can leave alone: tables, indexes, columns that may be null or have a default. So
 * a database may be one step ahead of the programs on it, and instances are replaced one after the other. What takes
 * something away that the version before still needs comes a version later, and its name ends in `-contract`.
 */
export interface Migration {
  readonly name: string;
  /** Understood by SQLite and PostgreSQL alike. */
  readonly statements: readonly RawBuilder<unknown>[];
  /** What SQL cannot say, in the same transaction; `ticketSystem` is the system whose records are the tickets. */
  readonly afterwards?: (transaction: Transaction<Schema>, ticketSystem: string) => Promise<void>;
}

export const migrations: readonly Migration[] = [
  firstSchema,
  snapshots,
  related,
  urgentWork,
  letters,
  story,
  news,
  waiting,
  retention,
  correlation,
];

/** Whether programs that do not know the step cannot use a database that has it. */
export function isContract(name: string): boolean {
  return name.endsWith('-contract');
}
