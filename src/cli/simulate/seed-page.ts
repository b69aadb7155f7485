import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { saveCall } from '../../console/recording/save-call.ts';
import { usualMeans } from '../../console/recording/timeline-setup.ts';
import { recordScenario, saveRecording } from '../../sim/run/record.ts';
import { scenarioOfSeed } from '../../sim/run/seed.ts';

/** Plays the call of a seed again, and keeps it as a call log and as a page for a browser in a folder of its own. Returns the path of the page. */
export async function writeSeedPage(seed: number, outDir: string): Promise<string> {
  const folder = join(outDir, `seed-${seed}`);
  const page = join(folder, 'call.html');
  // The call of a seed is another one as soon as the code is.
  rmSync(page, { force: true });
  saveRecording(folder, recordScenario(scenarioOfSeed(seed)));
  await saveCall(join(folder, 'call.jsonl'), 'file', page, usualMeans(null));
  return page;
}
