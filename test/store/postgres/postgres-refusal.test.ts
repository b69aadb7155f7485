import { createServer } from 'node:net';
import { describe, expect, test, type TestContext } from 'vitest';
import { ParleyError } from '../../../src/errors.ts';
import { ownName, testDatabase } from '../../test-database.ts';
import { examinePostgres } from '../../../src/store/postgres/examine-postgres.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { PostgresScene } from './postgres-scene.ts';

const isMissing = (await testDatabase()) === null;

type Spoil = (scene: PostgresScene, url: URL, context: TestContext) => Promise<void> | void;

/** What a person reads who starts Parley at such a database. */
const refusals: readonly (readonly [what: string, spoil: Spoil, code: string, words: string])[] = [
  ['nobody listens', (_, url) => void (url.port = '1'), 'journal.unreachable', 'cannot be reached (ECONNREFUSED)'],
  ['something else listens', listenElse, 'journal.unreachable', 'cannot be used: '],
  [
    'the user is not known',
    (_, url) => void (url.username = ownName()),
    'journal.unusable',
    'the user or the password',
  ],
  [
    'there is no such database',
    (_, url) => void (url.pathname = ownName()),
    'journal.unusable',
    'does not exist (3D000)',
  ],
  ['it is read-only', readOnly, 'journal.unusable', 'is read-only'],
  ['there is no such schema', (_, url) => search(url, ownName()), 'journal.unusable', 'may use no schema'],
  ['another program has tables there', otherTables, 'journal.unusable', 'holds a table "calls" of another program'],
  [
    'the user may make no tables',
    (scene, url, context) => becomeGuest(scene, url, context),
    'journal.unusable',
    'lacks a right (42501)',
  ],
  [
    'the user may only read',
    mayOnlyRead,
    'journal.unusable',
    'calls (insert), calls (update), calls (delete), entries (insert)',
  ],
  ['a newer version has been there', newer, 'journal.otherVersion', 'of a newer version of Parley'],
];

describe.skipIf(isMissing)('a start is refused in words', () => {
  test.for(refusals)('where %s', async ([, spoil, code, words], context) => {
    const scene = new PostgresScene(context);
    const url = new URL(await scene.address());
    url.password = 'secret-word';
    await spoil(scene, url, context);
    const refusal = await scene.open({ connectionString: url.href }).catch((error: unknown) => error);
    if (!(refusal instanceof ParleyError)) throw new Error('It was not refused.');
    expect(refusal.message).toContain(words);
    expect(refusal.code).toBe(code);
    expect(refusal.message).not.toContain('secret-word');
    // The doctor says the same, but for rights that only the making of tables shows.
    const examined = await examinePostgres(url.href).then(
      () => null,
      (error: unknown) => (error instanceof ParleyError ? error.message : error),
    );
    expect(examined).toBe(words.includes('42501') ? null : refusal.message);
  });
});

function search(url: URL, schema: string): void {
  url.searchParams.set('options', `-c search_path=${schema}`);
}

function readOnly(scene: PostgresScene, url: URL): void {
  url.searchParams.set('options', `-c search_path=${scene.schema} -c default_transaction_read_only=on`);
}

async function otherTables(scene: PostgresScene): Promise<void> {
  await scene.sql('create table calls (customer text)');
}

async function newer(scene: PostgresScene): Promise<void> {
  await scene.place('a').unfinished();
  await scene.sql(`insert into journal_migrations values ('9998-newer', '2030-01-01'), ('9999-newest', '2030-01-01')`);
}

async function mayOnlyRead(scene: PostgresScene, url: URL, context: TestContext): Promise<void> {
  await scene.place('a').unfinished();
  await becomeGuest(scene, url, context);
  await scene.sql(`grant select on all tables in schema ${scene.schema} to ${url.username}`);
}

/** From here on, the user is one of its own who may look into the schema. */
async function becomeGuest(scene: PostgresScene, url: URL, context: TestContext): Promise<void> {
  const [found] = await scene.sql('select rolsuper from pg_roles where rolname = current_user');
  if (found?.['rolsuper'] !== true) context.skip('the user of PARLEY_TEST_DATABASE_URL may make no other users');
  const guest = ownName();
  await scene.sql(`create role ${guest} login; grant usage on schema ${scene.schema} to ${guest}`);
  context.onTestFinished(async () => void (await scene.sql(`drop owned by ${guest}; drop role ${guest}`)));
  url.username = guest;
}

/** A server that speaks something else. */
async function listenElse(_: PostgresScene, url: URL, context: TestContext): Promise<void> {
  const server = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  url.host = `127.0.0.1:${await listenOnAnyPort(server)}`;
  context.onTestFinished(() => void server.close());
}
