import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Call } from '../../../src/call/call.ts';
import { readLogFiles } from '../../../src/cli/replay/files.ts';
import { CallCourse } from '../../../src/host/outcome/call-course.ts';
import { faultsOf, whyItEnded } from '../../../src/host/outcome/why.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';

/** A change of these words is reviewed as a diff: `npx vitest run test/host/outcome -u` writes them anew. */
test('each kept call ended for the reason that is written down', async () => {
  const lines = readdirSync('fixtures/calls')
    .filter((name) => !name.includes('.'))
    .toSorted()
    .map(whyItEndedOf);
  expect(lines.length).toBeGreaterThan(120);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('kept-calls.txt');
});

function whyItEndedOf(name: string): string {
  const { header, steps } = readLogFiles(`fixtures/calls/${name}`);
  const call = new Call(header.settings, standardAudioPath);
  const course = new CallCourse();
  for (const { event } of steps) course.take(event, call.handle(event));
  return `${name}: ${whyItEnded(course, null)} [${faultsOf(course).join(', ')}]`;
}
