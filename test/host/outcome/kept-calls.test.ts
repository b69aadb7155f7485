import { readdirSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { Call } from '../../../src/call/call.ts';
import { readLogFiles } from '../../../src/cli/replay/files.ts';
import { CallCourse } from '../../../src/host/outcome/call-course.ts';
import { faultsOf, whyItEnded } from '../../../src/host/outcome/why.ts';
import { CallWatch } from '../../../src/metrics/call-watch.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import { metricsOfHouse, observer } from '../../metrics/house-metrics.ts';
import { seriesOf } from '../../metrics/scrape-text.ts';

const names = readdirSync('fixtures/calls')
  .filter((name) => !name.includes('.'))
  .toSorted();

const metrics = metricsOfHouse();
let whys: readonly string[];

// Each call happens once more, before the eyes of all who follow one.
beforeAll(() => {
  whys = names.map(whyItEndedOf);
});

/** A change of these words is reviewed as a diff: `npx vitest run test/host/outcome -u` writes them anew. */
test('each kept call ended for the reason that is written down', async () => {
  expect(whys.length).toBeGreaterThan(120);
  await expect(`${whys.join('\n')}\n`).toMatchFileSnapshot('kept-calls.txt');
});

test('in all kept calls, every cause has a name, every session comes to its end, and every call is counted once', async () => {
  const series = seriesOf(await metrics.scrape()).filter(({ value }) => value !== 0);
  // Some calls ask for tools that nobody has.
  expect(series.filter(({ labels }) => Object.values(labels).includes('other') && labels.tool === undefined)).toEqual(
    [],
  );
  expect(series.filter(({ name }) => name === 'parley_model_sessions')).toEqual([]);
  const sumOf = (name: string): number =>
    series.filter((one) => one.name === name).reduce((sum, { value }) => sum + value, 0);
  expect(sumOf('parley_calls_total')).toBe(names.length);
  expect(sumOf('parley_calls_begun_total')).toBe(names.length);
  expect(sumOf('parley_call_seconds_count')).toBe(names.length);
});

function whyItEndedOf(name: string): string {
  const { header, steps } = readLogFiles(`fixtures/calls/${name}`);
  const call = new Call(header.settings, standardAudioPath);
  const course = new CallCourse();
  const watch = new CallWatch(standardAudioPath, [observer(metrics)]);
  for (const { event } of steps) {
    const effects = call.handle(event);
    course.take(event, effects);
    watch.write(event, effects, 0.2);
  }
  watch.close({ how: 'ended', tally: call.tally });
  return `${name}: ${whyItEnded(course, null)} [${faultsOf(course).join(', ')}]`;
}
