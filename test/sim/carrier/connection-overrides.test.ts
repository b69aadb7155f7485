import { describe, expect, test } from 'vitest';
import { readOverrides } from '../../../src/sim/carrier/webhooks/connection-overrides.ts';
import { CallBench } from './call-bench.ts';

const voice = 'https://parley.example/twilio/voice';
const apology = 'We are sorry, an application error has occurred. Goodbye.';

/** A call whose voice URL has this fragment. */
function call(fragment: string, connects = true): CallBench {
  return new CallBench({ number: { voiceUrl: voice + fragment }, connects });
}

describe('a webhook', () => {
  test.for([
    ['#rc=2&rp=5xx', 503, 3],
    ['#rc=5&rp=all', 404, 6],
    ['#rc=2&rp=4xx', 503, 1],
    ['#rc=0&rp=5xx', 503, 1],
    ['#rc=3&rp=ct,5xx', 500, 4],
    ['#rc=9&rp=5xx', 503, 2],
    ['', 503, 1],
  ] as const)('with the fragment "%s" that is answered %d is requested %d times', ([fragment, status, times]) => {
    const bench = call(fragment);
    for (let attempt = 0; attempt < 8; attempt += 1)
      if (bench.notes('verb.say').length === 0) bench.answerWith({ status });
    expect(bench.requests.filter(({ url }) => url.startsWith(voice))).toHaveLength(times);
    expect(bench.problems).toEqual([11200]);
    expect(bench.notes('webhook.retried')).toHaveLength(times - 1);
    expect(bench.notes('verb.say')).toMatchObject([{ text: apology }]);
  });

  test('that finds a server at last goes on as if nothing had happened', () => {
    const bench = call('#rc=3');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      bench.take({ type: 'http.failed', id: bench.lastRequest.id, stage: 'connect' });
    }
    bench.answer('<Say>Here I am.</Say>');
    expect(bench.notes('verb.say')).toMatchObject([{ text: 'Here I am.' }]);
    expect(bench.problems).toEqual([]);
    expect(new Set(bench.requests.map(({ headers }) => headers['I-Twilio-Idempotency-Token'])).size).toBe(1);
  });

  test('that finds no connection gives each attempt its time, and then fails', () => {
    const bench = call('#ct=1000&rc=2', false);
    bench.runUntil(2999);
    expect(bench.requests).toHaveLength(3);
    expect(bench.all('http.abort')).toHaveLength(2);
    bench.runUntil(3000);
    expect(bench.problems).toEqual([11205]);
  });

  test('whose answer does not come is given up after its time to read, and tried again where the policy says so', () => {
    const given = call('#rt=2000');
    given.runUntil(2000);
    expect(given.problems).toEqual([11200]);
    const again = call('#rt=2000&rp=rt&rc=1');
    again.runUntil(3999);
    expect(again.requests).toHaveLength(2);
    expect(again.problems).toEqual([]);
  });

  test('is not tried again once its total time is over', () => {
    const bench = call('#rt=4000&rp=rt&rc=5&tt=6000');
    bench.runUntil(6000);
    expect(bench.requests).toHaveLength(2);
    expect(bench.notes('problem')).toMatchObject([{ atMs: 6000, code: 11200 }]);
  });

  test('takes no late answer to an attempt that was given up', () => {
    const bench = call('#rt=2000&rp=rt&rc=1');
    const { id } = bench.lastRequest;
    bench.runUntil(2500);
    bench.answerWith({ body: '<Response><Say>Late.</Say></Response>' }, id);
    bench.answer('<Say>In time.</Say>');
    expect(bench.notes('verb.say')).toMatchObject([{ text: 'In time.' }]);
  });

  test('with a policy that nobody knows is never requested', () => {
    const bench = call('#rp=5xx,sometimes');
    expect(bench.requests).toEqual([]);
    expect(bench.problems).toEqual([11243]);
    expect(bench.notes('verb.say')).toMatchObject([{ text: apology }]);
  });
});

test('the action of a stream has a fragment of its own, and its last failure leads to the fallback', () => {
  const bench = new CallBench({ number: { voiceFallbackUrl: 'https://fallback.example/' } });
  const streamSid = bench.stream('https://parley.example/after#rc=2&amp;rp=5xx');
  bench.take({ type: 'socket.closed', streamSid, code: 1006 });
  for (let attempt = 0; attempt < 3; attempt += 1) bench.answerWith({ status: 502 });
  expect(bench.requests.slice(1).map(({ url }) => new URL(url).pathname)).toEqual(['/after', '/after', '/after', '/']);
});

test('a number outside its range counts as not given', () => {
  expect(readOverrides('https://h/#ct=99&rt=15001&tt=x&rc=6')).toMatchObject({
    connectMs: 5000,
    readMs: 15_000,
    totalMs: 15_000,
    retries: 1,
  });
});
