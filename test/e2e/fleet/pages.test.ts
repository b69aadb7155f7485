import { expect, test, type TestContext } from 'vitest';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import type { Board } from '../../../src/console/live/board.ts';
import { isJsonObject, parseJson } from '../../../src/encoding/json.ts';
import { openServiceJournal } from '../../../src/service/journal/journal-place.ts';
import { openServiceLease } from '../../../src/service/journal/service-lease.ts';
import { processName } from '../../../src/system/process-name.ts';
import { systemRandomness } from '../../../src/system/randomness.ts';
import { LogLines } from '../../log-lines.ts';
import { PostgresScene } from '../../store/postgres/postgres-scene.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { noDatabase, testDatabase } from '../../test-database.ts';
import { until } from '../../until.ts';
import { environment, ServiceScene } from '../service-scene.ts';

const isMissing = (await testDatabase()) === null;

const token = 'token-of-the-fleet-4711';

test('PostgreSQL is there for the pages of a fleet', ({ skip }) => {
  if (isMissing) skip(noDatabase);
  expect(isMissing).toBe(false);
});

test.skipIf(isMissing)(
  'an operator at any process sees the calls of all, and hangs up, listens to and plays what another one has',
  async (context) => {
    const database = await new PostgresScene(context).address();
    const [a, b] = [await opens(context, database, 'a'), await opens(context, database, 'b')];
    for (const { scene } of [a, b]) {
      await until('room', () => scene.service.registry.noRoom === null);
      scene.call();
    }
    const calls = await until('both calls', async () => {
      const board = await a.board();
      return board.calls.length === 2 && board.calls;
    });
    expect(new Set(calls.map(({ process }) => process))).toEqual(new Set(['a', 'b']));
    const callSid = calls.find(({ process }) => process === 'b')?.callSid ?? '';
    await until('it talks', () => b.scene.log.named('streamStarted').length === 1);
    const ordered = await a.asks(`/api/live/${callSid}/orders`, { kind: 'hangUp' });
    expect(await ordered.json()).toEqual({ taken: true });
    await until('its end', () => b.scene.log.named('callEnded').length === 1);
    expect(b.scene.log.named('callEnded')).toMatchObject([{ callSid, reason: 'endedByOperator' }]);
    const story = await until('the journal', async () => {
      const known = parseJson(await (await a.asks(`/api/calls/${callSid}`)).text());
      return isJsonObject(known) && Object(known['call']).outcome !== null && known;
    });
    expect(story).toMatchObject({ call: { instance: 'b', outcome: 'endedByOperator' } });
    const sound = await until('the recording', async () => {
      const answer = await a.asks(`/api/calls/${callSid}/recording.wav`);
      return answer.status === 200 && answer.arrayBuffer();
    });
    expect(sound.byteLength).toBeGreaterThan(1_000);
    expect(a.scene.log.text + b.scene.log.text).not.toContain(token);
  },
);

/** A process of a fleet, with its pages. */
async function opens(context: TestContext, database: string, instance: string) {
  const env = {
    INSTANCE: instance,
    DATABASE_URL: database,
    ADMIN_PORT: '0',
    ADMIN_TOKEN: token,
    RECORD_DIR: temporaryFolder(context),
  };
  const config = loadConfig({ ...environment('http://127.0.0.1:1'), ...env });
  const [name, log] = [processName(instance, systemRandomness.uniqueId()), new LogLines()];
  const journal = await openServiceJournal(config.journal, name, log.logger);
  const lease = await openServiceLease(config, name, log.logger);
  const scene = await ServiceScene.open(context, { env, parts: { journal, ...(lease === null ? {} : { lease }) } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const asks = async (path: string, body?: object): Promise<Response> =>
    fetch(`http://127.0.0.1:${scene.service.admin?.port}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers,
    });
  return { scene, asks, board: async () => boardIn(await asks('/api/board/events')) };
}

/** The board as a page gets it first. */
async function boardIn({ body }: Response): Promise<Board> {
  let told = '';
  for await (const piece of body ?? []) {
    told += new TextDecoder().decode(piece);
    const [, json] = /^event: all\ndata: (.*)\n\n/m.exec(told) ?? [];
    if (json === undefined) continue;
    const board: Board = JSON.parse(json);
    return board;
  }
  throw new Error('The board ended.');
}
