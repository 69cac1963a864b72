import type { RawBuilder } from 'kysely';
import { firstSchema } from './0001-first-schema.ts';
import { snapshots } from './0002-snapshots.ts';
import { related } from './0003-related.ts';
import { urgentWork } from './0004-urgent-work.ts';
import { story } from './0006-story.ts';

/** A step of the schema. Once released it is never edited: a change is a new step at the end of the list. */
export interface Migration {
  readonly name: string;
  /** Understood by SQLite and PostgreSQL alike. */
  readonly statements: readonly RawBuilder<unknown>[];
}

export const migrations: readonly Migration[] = [firstSchema, snapshots, related, urgentWork, story];
