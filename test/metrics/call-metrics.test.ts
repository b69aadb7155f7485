import { expect, test } from 'vitest';
import { builtInPrices } from '../../src/config/prices.ts';
import { nothingNew } from '../../src/metrics/call-watch.ts';
import { metricsOfHouse, observer } from './house-metrics.ts';
import { playFixture } from './played-calls.ts';
import { seriesOf, valueOf } from './scrape-text.ts';

/** What is not zero after these calls, without buckets: the series as text, and its value to the thousandth. */
async function figuresOf(...names: readonly string[]): Promise<Record<string, number>> {
  const metrics = metricsOfHouse();
  for (const name of names) playFixture(name, observer(metrics));
  const series = seriesOf(await metrics.scrape()).filter(({ name, value }) => value !== 0 && !name.endsWith('_bucket'));
  return Object.fromEntries(
    series.map(({ name, labels, value }) => [
      [name, ...Object.values(labels)].join(' ').replace(/^parley_/, ''),
      Math.round(value * 1000) / 1000,
    ]),
  );
}

test('a call in which the caller interrupts', async () => {
  const figures = await figuresOf('barge-in');
  expect(figures).toMatchObject({
    'calls_total house callerHungUp': 1,
    'calls_begun_total house new': 1,
    'barge_ins_total model': 1,
    barge_in_seconds_count: 1,
    'model_sessions_total first': 1,
    'first_word_seconds_count greeting': 1,
    'first_word_seconds_sum greeting': 0.358,
    'first_word_seconds_count answer': 2,
    'first_word_seconds_sum answer': 1.74,
    'agent_audio_seconds_total cleared': 0.58,
    'agent_audio_seconds_total dropped': 1.78,
    'agent_audio_seconds_total heard': 2.127,
    'caller_audio_seconds_total forwarded': 4.82,
    'caller_audio_seconds_total replaced': 0.82,
    'model_tokens_total audioOut': 521,
    'model_cost_dollars_total house': 0.008,
  });
  expect(figures.barge_in_seconds_sum).toBeLessThan(1);
});

test('tools that answer, fail, take too long, and are cancelled', async () => {
  expect(ofTools(await figuresOf('lookup'))).toEqual([['tool_calls_total lookup_record answered', 1]]);
  expect(ofTools(await figuresOf('tool-times-out'))).toEqual([
    ['call_faults_total tool.timedOut', 1],
    ['tool_calls_total lookup_record timedOut', 1],
  ]);
  expect(ofTools(await figuresOf('tool-cancelled'))).toEqual([['tool_calls_total lookup_record cancelled', 1]]);
  // The second tool is one that does not exist.
  expect(ofTools(await figuresOf('tool-fails'))).toEqual([
    ['call_faults_total tool.unknown', 1],
    ['call_faults_total tool.failed', 1],
    ['tool_calls_total lookup_record failed', 1],
    ['tool_calls_total other failed', 1],
  ]);
});

test('a model that says nothing, whatever is tried', async () => {
  expect(await figuresOf('no-answer-ever')).toMatchObject({
    'calls_total house apologised': 1,
    'comfort_sounds_total tone': 2,
    'comfort_sounds_total phrase': 2,
    'model_sessions_total first': 1,
    'model_sessions_total resumed': 1,
    'model_sessions_total fresh': 1,
    model_open_seconds_count: 3,
    'recoveries_total answer nudge': 1,
    'recoveries_total answer resume': 1,
    'recoveries_total answer fresh': 1,
    'recoveries_total answer giveUp': 1,
    'given_up_total answer': 1,
  });
});

test('an outage that does not end, a session that is replaced in time, and a call that is taken over', async () => {
  expect(await figuresOf('outage-to-the-end')).toMatchObject({
    'calls_total house apologised': 1,
    'model_losses_total model.closed': 1,
    'given_up_total modelOutage': 1,
  });
  expect(await figuresOf('rotation-by-age')).toMatchObject({ 'model_rotations_total age': 1 });
  expect(await figuresOf('restored-resumed')).toMatchObject({
    'calls_begun_total house takenOver': 1,
    'model_sessions_total resumed': 1,
  });
});

test('a setup that the model does not answer is a loss with that code', async () => {
  const figures = await figuresOf('model-silent-on-setup');
  expect(figures['model_losses_total model.setupTimeout']).toBeGreaterThan(0);
});

test('a call that breaks, one that another process has, and one that is left to the next are told apart', async () => {
  const metrics = metricsOfHouse();
  const tally = { caller: noCaller, agent: noAgent };
  for (const how of ['crashed', 'fenced', 'released'] as const) observer(metrics).close({ how, tally }, nothingNew);
  const text = await metrics.scrape();
  for (const outcome of ['crashed', 'fenced', 'released']) {
    expect(valueOf(text, 'parley_calls_total', { agent: 'house', outcome })).toBe(1);
  }
});

test('the sound of a call is counted once, however often it is looked at', async () => {
  const metrics = metricsOfHouse();
  const call = observer(metrics);
  call.countAudio({ caller: { ...noCaller, forwarded: 8000 }, agent: noAgent });
  call.countAudio({ caller: { ...noCaller, forwarded: 16_000 }, agent: { ...noAgent, heard: 4000 } });
  const tally = { caller: { ...noCaller, forwarded: 16_000 }, agent: { ...noAgent, heard: 8000 } };
  call.close({ how: 'ended', tally }, nothingNew);
  const text = await metrics.scrape();
  expect(valueOf(text, 'parley_caller_audio_seconds_total', { fate: 'forwarded' })).toBe(2);
  expect(valueOf(text, 'parley_agent_audio_seconds_total', { fate: 'heard' })).toBe(1);
});

test('a simulated model costs nothing, and a model without a price is told', async () => {
  expect(await costOf(null)).toEqual([0, 0]);
  const [cost, unpriced] = await costOf({ ...builtInPrices, perMillionTokens: {} });
  expect(cost).toBe(0);
  expect(unpriced).toBeGreaterThan(0);
});

const noCaller = { received: 0, forwarded: 0, replaced: 0, dropped: 0, waiting: 0, filled: 0, resent: 0 };
const noAgent = { sent: 0, heard: 0, heardNow: 0, cleared: 0, waiting: 0, queued: 0, dropped: 0 };

/** What the figures say of tools. */
function ofTools(figures: Record<string, number>): unknown {
  return Object.entries(figures).filter(([name]) => name.startsWith('tool_calls') || name.startsWith('call_faults'));
}

/** What a call costs at these prices, and how many of its bills have no price. */
async function costOf(prices: typeof builtInPrices | null): Promise<readonly number[]> {
  const metrics = metricsOfHouse();
  playFixture('lookup', observer(metrics, prices));
  const text = await metrics.scrape();
  return [
    valueOf(text, 'parley_model_cost_dollars_total', { agent: 'house' }),
    valueOf(text, 'parley_model_unpriced_bills_total'),
  ];
}
