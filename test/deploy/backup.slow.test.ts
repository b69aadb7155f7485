import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test, type TestContext } from 'vitest';
import type { Journal } from '../../src/store/journal.ts';
import { closed, closeMsMax, JournalScene } from '../store/journal-scene.ts';
import { PostgresScene } from '../store/postgres/postgres-scene.ts';
import { noDatabase, ownName, testDatabase } from '../test-database.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { Checker } from './checker.ts';

const sqlite = new Checker('sqlite3', "Debian's package sqlite3", '-version');
const dump = new Checker('pg_dump', "Debian's package postgresql-client");

const page = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8');
const [, section = ''] = page.split('\n## Backup and restore\n');

/** What the page tells an admin to type, in its order. */
const [copyFile, clearFile, copyDatabase, restoreDatabase] = [...section.matchAll(/```sh\n(.*?)```/gs)].map(
  ([, commands = '']) => commands,
);

function carryOut(commands: string | undefined, cwd: string, databaseUrl = ''): void {
  execFileSync('/bin/sh', ['-ec', commands ?? 'exit 1'], { cwd, env: { ...process.env, DATABASE_URL: databaseUrl } });
}

/** What a journal knows of two calls: one from before a copy was made, and one since. */
async function known(journal: Journal): Promise<string[]> {
  const calls = await Promise.all(['CA1', 'CA2'].map(async (callSid) => journal.read(callSid)));
  return calls.flatMap((call) => (call === null ? [] : `${call.callSid} ${call.ended?.reason}`));
}

test('a file is copied while Parley runs, and the copy put back holds what it held', async (context) => {
  if (sqlite.missing !== null) return context.skip(sqlite.missing);
  const scene = new JournalScene(context);
  mkdirSync(join(scene.folder, 'data'));
  const file = join(scene.folder, 'data/journal.sqlite');
  const journal = scene.open({}, file);
  await scene.wholeCall(journal, 'CA1');
  carryOut(copyFile, scene.folder);
  await scene.wholeCall(journal, 'CA2');
  expect(await known(journal)).toEqual(['CA1 callerHungUp', 'CA2 callerHungUp']);
  await closed(journal, closeMsMax);
  carryOut(clearFile, scene.folder);
  expect(await known(scene.open({}, file))).toEqual(['CA1 callerHungUp']);
});

test('PostgreSQL is copied while Parley runs, and the copy put back holds what it held', async (context) => {
  if (dump.missing !== null) return context.skip(dump.missing);
  const address = await testDatabase();
  if (address === null) return context.skip(noDatabase);
  const databaseUrl = await ownDatabase(context, address);
  if (spawnSync('pg_dump', ['--schema-only', databaseUrl]).status !== 0) {
    return context.skip('pg_dump is older than the PostgreSQL of the tests');
  }
  const postgres = new PostgresScene(context);
  const files = new JournalScene(context);
  const folder = temporaryFolder(context);
  const journal = await postgres.open({ connectionString: databaseUrl });
  await files.wholeCall(journal, 'CA1');
  carryOut(copyDatabase, folder, databaseUrl);
  await files.wholeCall(journal, 'CA2');
  expect(await known(journal)).toEqual(['CA1 callerHungUp', 'CA2 callerHungUp']);
  await closed(journal, closeMsMax);
  carryOut(restoreDatabase, folder, databaseUrl);
  expect(await known(await postgres.open({ connectionString: databaseUrl }))).toEqual(['CA1 callerHungUp']);
});

/** The address of a database for one test, which is dropped when that is over. */
async function ownDatabase(context: TestContext, address: string): Promise<string> {
  const name = ownName();
  const admin = new pg.Client({ connectionString: address });
  await admin.connect();
  await admin.query(`create database ${name}`);
  context.onTestFinished(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  const url = new URL(address);
  url.pathname = name;
  return url.href;
}
