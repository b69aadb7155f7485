import { expect, test } from 'vitest';
import { SummedMetrics } from '../../../src/workers/pages/summed-metrics.ts';

/** What a worker tells that has this many live calls and has begun so many. */
function told(live: number, begun: number): string {
  return `# HELP parley_calls_live Calls now.
# TYPE parley_calls_live gauge
parley_calls_live ${live}

# HELP parley_calls_begun_total Calls so far.
# TYPE parley_calls_begun_total counter
parley_calls_begun_total{agent="a b",source="phone"} ${begun}
# HELP parley_wait_seconds Waits.
# TYPE parley_wait_seconds histogram
parley_wait_seconds_bucket{le="1"} ${begun}
parley_wait_seconds_bucket{le="+Inf"} ${begun}
parley_wait_seconds_sum ${begun / 2}
parley_wait_seconds_count ${begun}
`;
}

const both = new Set(['w0', 'w1']);

test('the figures of workers are summed, each metric with its head', () => {
  const metrics = new SummedMetrics();
  metrics.take('w0', 1, told(2, 10));
  metrics.take('w1', 1, told(3, 5));
  expect(metrics.text(both, {})).toBe(told(5, 15).replace('\n\n', '\n'));
});

test('what a worker had counted before it died stays, and what it held does not', () => {
  const metrics = new SummedMetrics();
  metrics.take('w0', 1, told(2, 10));
  metrics.take('w1', 1, told(3, 5));
  expect(figures(metrics.text(new Set(['w0']), {}))).toEqual(['2', '15', '15']);
  metrics.take('w1', 2, told(1, 1));
  expect(figures(metrics.text(both, {}))).toEqual(['3', '16', '16']);
  metrics.take('w1', 3, told(0, 2));
  expect(figures(metrics.text(both, {}))).toEqual(['2', '18', '18']);
});

test('of some metrics the greatest or the least figure counts, and what this process knows itself', () => {
  const metrics = new SummedMetrics();
  metrics.take(
    'w0',
    1,
    gauges({
      parley_ready: 0,
      parley_unready: 1,
      parley_lease_state: 1,
      parley_event_loop_busy_ratio: 0.5,
      parley_viewers: 1,
    }),
  );
  metrics.take(
    'w1',
    1,
    gauges({
      parley_ready: 1,
      parley_unready: 0,
      parley_lease_state: 1,
      parley_event_loop_busy_ratio: 0.2,
      parley_viewers: 2,
    }),
  );
  expect(metrics.text(both, { parley_viewers: 7 })).toBe(
    gauges({
      parley_ready: 1,
      parley_unready: 0,
      parley_lease_state: 1,
      parley_event_loop_busy_ratio: 0.5,
      parley_viewers: 7,
    }),
  );
});

function figures(text: string): (string | undefined)[] {
  return ['parley_calls_live', 'parley_calls_begun_total', 'parley_wait_seconds_count'].map(
    (name) => new RegExp(`^${name}\\S*(?: ?\\S*) (\\d+)$`, 'm').exec(text)?.[1],
  );
}

function gauges(all: Readonly<Record<string, number>>): string {
  return Object.entries(all)
    .map(([name, figure]) => `# HELP ${name} x\n# TYPE ${name} gauge\n${name} ${figure}\n`)
    .join('');
}
