import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { isFullDisk } from '../../../src/store/sqlite-fault.ts';

// Entries that waited for PostgreSQL on a full disk were told as unusable where the disk was full before SQLite had the file.
test.for([
  ['ENOSPC', true],
  ['EDQUOT', true],
  ['EFBIG', true],
  ['EACCES', false],
] as const)('%s of the system: that the disk is full is %s', ([code, expected]) => {
  expect(isFullDisk(Object.assign(new Error('write'), { code }))).toBe(expected);
});

test('a database that may not grow is a full disk, and a wrong statement is none', () => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE filled (text TEXT); PRAGMA max_page_count = 3');
  expect(isFullDisk(errorOf(() => db.exec(`INSERT INTO filled VALUES (zeroblob(100000))`)))).toBe(true);
  expect(isFullDisk(errorOf(() => db.exec('INSERT INTO nowhere VALUES (1)')))).toBe(false);
  db.close();
});

function errorOf(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
}
