import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../src/store/sqlite/open-journal.ts';
import type { Ending } from '../../test/e2e/ending.ts';
import type { SceneOptions } from '../../test/e2e/service-scene.ts';
import { LogLines } from '../../test/log-lines.ts';

/** Pages on any port, and a journal and recordings in a folder of their own, as `main.ts` would open them. It goes with whoever asked for it. */
export function ownFiles({ onTestFinished }: Ending): Required<Pick<SceneOptions, 'env' | 'parts'>> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-pages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'journal.sqlite');
  return {
    env: { ADMIN_PORT: '0', JOURNAL_FILE: file, RECORD_DIR: join(folder, 'recordings') },
    parts: { journal: openJournal({ file, log: new LogLines().logger }) },
  };
}
