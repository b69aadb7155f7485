import { expect, test } from 'vitest';
import { metricTable } from '../../src/metrics/metric-table.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { promtool, promtoolIsMissing } from './promtool.ts';
import { seriesOf, valueOf } from './scrape-text.ts';

const manyTools = Array.from({ length: 50 }, (_, index) => `tool_${index}`);

test('every series is there from the start, at zero, and there are at most 500 however many tools there are', async () => {
  const series = seriesOf(await new Metrics(manyTools).scrape());
  expect(series.length).toBeLessThanOrEqual(500);
  expect(series.filter(({ value }) => value !== 0)).toEqual([]);
  const names = new Set(series.map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, '')));
  expect([...names].toSorted()).toEqual(Object.keys(metricTable).toSorted());
});

test('whatever a label is told, no series comes up that was not there', async () => {
  const metrics = new Metrics(['lookup_record']);
  const before = seriesOf(await metrics.scrape()).length;
  for (const words of ['+12025550177', 'Ms Butterfield', '"}\n', 'lookup_record']) {
    metrics.add('parley_tool_calls_total', { tool: words, outcome: 'answered' });
    metrics.add('parley_model_losses_total', { fault: words });
    metrics.add('parley_recoveries_total', { cause: words, step: 'nudge' });
    metrics.add('parley_given_up_total', { cause: words });
    metrics.add('parley_refusals_total', { reason: words });
  }
  const text = await metrics.scrape();
  expect(seriesOf(text)).toHaveLength(before);
  expect(text).not.toMatch(/Butterfield|5550177/);
  expect(valueOf(text, 'parley_tool_calls_total', { tool: 'other', outcome: 'answered' })).toBe(3);
  expect(valueOf(text, 'parley_tool_calls_total', { tool: 'lookup_record', outcome: 'answered' })).toBe(1);
});

test('a counter that is read elsewhere follows it and never falls', async () => {
  const metrics = new Metrics([]);
  for (const total of [2, 5, 3]) metrics.raiseTo('parley_log_lines_lost_total', {}, total);
  expect(valueOf(await metrics.scrape(), 'parley_log_lines_lost_total')).toBe(5);
});

test('what is read at a scrape is read for each scrape anew', async () => {
  const metrics = new Metrics([]);
  let viewers = 0;
  metrics.onScrape(() => metrics.set('parley_viewers', {}, (viewers += 1)));
  await metrics.scrape();
  expect(valueOf(await metrics.scrape(), 'parley_viewers')).toBe(2);
});

test('promtool finds nothing to mend in names, units and help texts', async ({ skip }) => {
  if (promtoolIsMissing !== null) return skip(promtoolIsMissing);
  expect(promtool(['check', 'metrics'], await new Metrics(manyTools).scrape())).toBeNull();
});
