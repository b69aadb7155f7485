import { expect, test } from 'vitest';
import { metricTable } from '../../src/metrics/metric-table.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { promtool, promtoolIsMissing } from './promtool.ts';
import { seriesOf, valueOf } from './scrape-text.ts';

const manyTools = Array.from({ length: 50 }, (_, index) => `tool_${index}`);

test('every series is there from the start, at zero, and there are at most 1,000 however many tools and agents there are', async () => {
  const metrics = new Metrics(manyTools);
  expect(seriesOf(await metrics.scrape()).length).toBeLessThanOrEqual(500);
  metrics.takeAgents(Array.from({ length: 100 }, (_, index) => `agent ${index}`));
  const series = seriesOf(await metrics.scrape());
  expect(series.length).toBeLessThanOrEqual(1_000);
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

test.for([
  ['parley_model_rotations_total', 'pictures'],
  ['parley_given_up_total', 'sentence'],
] as const)('%s has a series for %s', async ([name, cause]) => {
  const metrics = new Metrics([]);
  metrics.add(name, { cause });
  expect(valueOf(await metrics.scrape(), name, { cause })).toBe(1);
});

test('agents that come and go never make more series, and one that is gone is counted until its place is wanted', async () => {
  const metrics = new Metrics([]);
  const agentsOf = async (): Promise<string[]> =>
    seriesOf(await metrics.scrape()).flatMap(({ name, labels }) =>
      name === 'parley_model_cost_dollars_total' ? [labels.agent ?? ''] : [],
    );
  metrics.takeAgents(['sales', 'support', 'other']);
  metrics.takeAgents(['support', 'night']);
  metrics.add('parley_calls_begun_total', { agent: 'sales', how: 'new' });
  expect((await agentsOf()).toSorted()).toEqual(['night', 'other', 'sales', 'support']);
  expect(valueOf(await metrics.scrape(), 'parley_calls_begun_total', { agent: 'sales', how: 'new' })).toBe(1);
  for (let time = 0; time < 30; time += 1) metrics.takeAgents(['support', `agent ${time}`]);
  const agents = await agentsOf();
  expect(agents).toHaveLength(21);
  expect(agents).toEqual(expect.arrayContaining(['other', 'support', 'agent 29']));
  expect(agents).not.toContain('sales');
  metrics.add('parley_calls_begun_total', { agent: 'sales', how: 'new' });
  metrics.observe('parley_call_seconds', { agent: 'sales' }, 20);
  const text = await metrics.scrape();
  expect(valueOf(text, 'parley_calls_begun_total', { agent: 'other', how: 'new' })).toBe(1);
  expect(seriesOf(text).some(({ labels }) => labels.agent === 'sales')).toBe(false);
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
