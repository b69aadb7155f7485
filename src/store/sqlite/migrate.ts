import type { DatabaseSync } from 'node:sqlite';
import { ParleyError } from '../../errors.ts';
import { migrationStatements } from './statements.ts';

/** Makes the tables or brings them up to date, in one transaction. Throws `journal.otherVersion` as `refuseNewer` does. */
export function migrate(db: DatabaseSync): void {
  db.exec('begin immediate');
  try {
    // Somebody else may have been here meanwhile.
    refuseNewer(db);
    db.exec(
      'create table if not exists journal_migrations (name varchar(255) not null primary key, timestamp varchar(255) not null)',
    );
    const applied = new Set(appliedMigrations(db));
    const note = db.prepare('insert into journal_migrations (name, timestamp) values (?, ?)');
    for (const [name, texts] of Object.entries(migrationStatements)) {
      if (applied.has(name)) continue;
      for (const text of texts) db.exec(text);
      note.run(name, new Date().toISOString());
    }
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

/** Writes nothing. Throws `journal.otherVersion` when a migration was applied that this version does not know. */
export function refuseNewer(db: DatabaseSync): void {
  const unknown = unknownMigration(db);
  if (unknown !== null)
    throw new ParleyError('journal.otherVersion', `A newer version of Parley wrote it, and applied ${unknown}.`);
}

/** The name of a migration that was applied and that this version does not know; null when there is none. Writes nothing. */
export function unknownMigration(db: DatabaseSync): string | null {
  return appliedMigrations(db).find((name) => !Object.hasOwn(migrationStatements, name)) ?? null;
}

/** Whether the database has a table of this name. */
export function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare("select name from sqlite_schema where type = 'table' and name = ?").get(name) !== undefined;
}

function appliedMigrations(db: DatabaseSync): readonly string[] {
  if (!hasTable(db, 'journal_migrations')) return [];
  return db
    .prepare('select name from journal_migrations')
    .all()
    .map(({ name }) => String(name));
}
