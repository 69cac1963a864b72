import type { RawBuilder, Transaction } from 'kysely';
import type { Schema } from '../schema.ts';
import { firstSchema } from './0001-first-schema.ts';
import { snapshots } from './0002-snapshots.ts';
import { related } from './0003-related.ts';
import { urgentWork } from './0004-urgent-work.ts';
import { letters } from './0005-letters.ts';
import { story } from './0006-story.ts';

/** A step of the schema. Once released it is never edited: a change is a new step at the end of the list. */
export interface Migration {
  readonly name: string;
  /** Understood by SQLite and PostgreSQL alike. */
  readonly statements: readonly RawBuilder<unknown>[];
  /** What SQL cannot say, in the same transaction; `ticketSystem` is the system whose records are the tickets. */
  readonly afterwards?: (transaction: Transaction<Schema>, ticketSystem: string) => Promise<void>;
}

export const migrations: readonly Migration[] = [firstSchema, snapshots, related, urgentWork, letters, story];
