import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { migrations } from '../../../src/store/migrations/list.ts';
import { begin, now, type Subject } from './sample.ts';

const names = migrations.map(({ name }) => name);

/** How an empty database becomes a store; `open` makes no schema. */
export function describeSchema(open: () => Promise<Subject>): void {
  describe('the schema', () => {
    let subject: Subject;

    beforeEach(async () => {
      subject = await open();
    });

    afterEach(() => subject.close());

    test('a database without the bridge’s tables is refused', async () => {
      await expect(subject.store.verify()).rejects.toMatchObject({
        code: 'STORE_OUTDATED',
        message: expect.stringContaining('empty'),
      });
      await expect(subject.store.nextDue()).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
    });

    test('the schema is made once', async () => {
      expect(await subject.store.migrate()).toEqual(names);
      await subject.store.verify();
      await begin(subject.store);

      expect(await subject.store.migrate()).toEqual([]);
      expect(await subject.store.backlog(now)).toMatchObject({ due: 1 });
    });

    test('of two that migrate at the same time one does it', async () => {
      const applied = await Promise.all([subject.store.migrate(), subject.other.migrate(), subject.store.migrate()]);
      expect(applied.flat()).toEqual(names);
      await subject.other.verify();
    });

    test('a migration that fails leaves nothing behind', async () => {
      await subject.execute('create table sweep (name text primary key)');
      await expect(subject.store.migrate()).rejects.toThrow();

      await subject.execute('drop table sweep');
      expect(await subject.store.migrate()).toEqual(names);
    });

    test('a database that lacks a migration is refused by the name of what is missing', async () => {
      await subject.store.migrate();
      await subject.execute(`delete from migration where name = '0001-first-schema'`);
      await expect(subject.store.verify()).rejects.toMatchObject({
        code: 'STORE_OUTDATED',
        message: expect.stringContaining('lacks 0001-first-schema'),
      });
    });

    test('a database to which a newer program has added something is used as before', async () => {
      await subject.store.migrate();
      await subject.execute(`insert into migration (name) values ('9999-from-the-future')`);
      await subject.execute(`alter table work add column mood text not null default 'calm'`);
      await subject.execute('create table mood (name text primary key)');

      await subject.store.verify();
      expect(await subject.store.migrate()).toEqual([]);
      await begin(subject.store);
      expect(await subject.store.backlog(now)).toMatchObject({ due: 1 });
    });

    test('a database of another line of versions is neither used nor migrated', async () => {
      await subject.store.migrate();
      await subject.execute(`delete from migration where name = '${names.at(-1)}'`);
      await subject.execute(`insert into migration (name) values ('9999-from-elsewhere')`);
      const refusal = { code: 'STORE_OUTDATED', message: expect.stringContaining('9999-from-elsewhere') };
      await expect(subject.store.verify()).rejects.toMatchObject(refusal);
      await expect(subject.store.migrate()).rejects.toMatchObject(refusal);
    });

    test('a database from which a newer program has taken something away is neither used nor migrated', async () => {
      await subject.store.migrate();
      await subject.execute(`insert into migration (name) values ('9999-no-snapshots-contract')`);
      const refusal = { code: 'STORE_OUTDATED', message: expect.stringContaining('newer than this program') };
      await expect(subject.store.verify()).rejects.toMatchObject(refusal);
      await expect(subject.store.migrate()).rejects.toMatchObject(refusal);
    });
  });
}
