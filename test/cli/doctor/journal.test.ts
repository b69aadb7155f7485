import { readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, type TestContext } from 'vitest';
import { workerJournal } from '../../../src/store/sqlite/worker-journal.ts';
import { closed, closeMsMax, JournalScene } from '../../store/journal-scene.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { findingsFor } from './doctor-scene.ts';

test.for([
  [
    'a newer version wrote it',
    "INSERT INTO journal_migrations VALUES ('9999-newer', '2030-01-01T00:00:00.000Z')",
    /journal\.sqlite cannot be written: A newer version of Parley wrote it, and applied 9999-newer\. Calls go on without a journal\.$/,
    /^Run that version or a newer one/,
  ],
  [
    'another program took the file',
    'PRAGMA application_id = 1',
    /journal\.sqlite cannot be used: It is a database of another program\.$/,
    /^If it is another file of yours/,
  ],
] as const)('of a journal it says what the service would find: %s', async ([, become, text, advice], context) => {
  const scene = new JournalScene(context);
  await writeJournal(scene);
  scene.run(become);
  const bytes = readFileSync(scene.file);
  expect(await judged(context, { JOURNAL_FILE: scene.file })).toEqual([
    { check: 'journal', level: 'wrong', text: expect.stringMatching(text), advice: expect.stringMatching(advice) },
  ]);
  expect(readFileSync(scene.file).equals(bytes)).toBe(true);
  expect(readdirSync(scene.folder)).toEqual(['journal.sqlite']);
});

test('of a journal that another program holds it says so', async (context) => {
  const scene = new JournalScene(context);
  await writeJournal(scene);
  const other = new DatabaseSync(scene.file);
  context.onTestFinished(() => other.close());
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE calls SET started_at_ms = 7');
  expect(await judged(context, { JOURNAL_FILE: scene.file })).toMatchObject([
    {
      level: 'wrong',
      text: `${scene.file} is held by another program. Until that lets go, calls go on without a journal.`,
      advice: expect.stringMatching(/^Find the program/),
    },
  ]);
});

test('the journal of each worker is looked at', async (context) => {
  const scene = new JournalScene(context);
  await writeJournal(scene);
  expect(await judged(context, { JOURNAL_FILE: scene.file, WORKERS: '2' })).toMatchObject([
    { level: 'ok', text: `${scene.file}, one for each worker.` },
  ]);
  scene.run('PRAGMA application_id = 1');
  const ofWorker = workerJournal(scene.file, 'w1');
  renameSync(scene.file, ofWorker);
  expect(await judged(context, { JOURNAL_FILE: scene.file, WORKERS: '2' })).toMatchObject([
    { level: 'wrong', text: expect.stringContaining(ofWorker) },
  ]);
});

test('a journal to which there is no way is told as one that cannot be written', async (context) => {
  const loop = join(temporaryFolder(context), 'loop');
  symlinkSync('loop', loop);
  expect(await judged(context, { JOURNAL_FILE: loop })).toMatchObject([
    { level: 'wrong', text: `${loop} cannot be written.` },
  ]);
});

async function writeJournal(scene: JournalScene): Promise<void> {
  const journal = scene.open();
  await scene.wholeCall(journal, 'CA1');
  await closed(journal, closeMsMax);
}

async function judged(context: TestContext, env: Readonly<Record<string, string>>) {
  const { findings } = await findingsFor(context, { env, wants: ({ name }) => name === 'journal' });
  return findings.filter(({ check }) => check === 'journal');
}
