import { readFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { connectPostgres } from '../../../src/store/postgres/postgres-connection.ts';
import { PostgresTables } from '../../../src/store/postgres/postgres-tables.ts';
import { SqlStore } from '../../../src/store/sql-store.ts';
import type { StoreUnderTest } from '../store-contract.ts';
import { PostgresScene } from './postgres-scene.ts';

/**
 * The tables and statements of the version that was released before. They are never changed; with a release, those of that release take
 * their place.
 */
const before = JSON.parse(readFileSync(new URL('version-before.json', import.meta.url), 'utf8'));

/** Opens for each process a place of its version. The tables are those that the version before made, until this one looks at them. */
export function versionsOf(
  context: TestContext,
  isBefore: (process: string) => boolean,
): (process: string) => StoreUnderTest {
  const scene = new PostgresScene(context);
  const made = makeBefore(scene);
  const address = made.then(() => scene.address());
  const places = new Map<string, StoreUnderTest>();
  return (process) => {
    const place =
      places.get(process) ??
      (isBefore(process) ? placeBefore(process, address, context) : scene.place(process, address));
    places.set(process, place);
    return place;
  };
}

/** Makes the tables of the version before. */
export async function makeBefore(scene: PostgresScene): Promise<void> {
  await scene.sql('create table journal_migrations (name text primary key, timestamp text not null)');
  for (const [name, texts] of Object.entries<readonly string[]>(before.migrations)) {
    for (const text of texts) await scene.sql(text);
    await scene.sql(`insert into journal_migrations values ('${name}', '2026-11-29')`);
  }
}

function placeBefore(process: string, address: Promise<string>, context: TestContext): StoreUnderTest {
  const client = address.then(connectPostgres);
  const store = client.then((one) => new SqlStore(new PostgresTables(one, before.statements), process, true));
  context.onTestFinished(async () => (await client).end());
  return {
    write: async (items) => (await store).write(items),
    read: async (callSid) => (await store).read(callSid),
    owner: async (callSid) => (await store).owner(callSid),
    takeOver: async (...taken) => (await store).takeOver(...taken),
    unfinished: async () => (await store).unfinished(),
    closeUnfinished: async (beforeMs, atMs, reason) => (await store).closeUnfinished(beforeMs, atMs, reason),
    tell: async () => (await store).tell(),
    prune: async (beforeMs) => (await store).prune(beforeMs),
  };
}
