import { expect, test } from 'vitest';
import { CallBench } from './call-bench.ts';

const fallback = 'https://parley.example/twilio/fallback';
const apology = 'We are sorry, an application error has occurred. Goodbye.';

test.each([
  ['a 500', { status: 500, body: '<Response/>' }, 11200],
  ['a 404', { status: 404 }, 11200],
  ['no content type', { contentType: null, body: '<Response/>' }, 12300],
  ['JSON', { contentType: 'application/json', body: '{}' }, 12300],
  ['more than 64 kB', { body: `<Response><Say>${'a'.repeat(65_536)}</Say></Response>` }, 11750],
  ['XML that is not well-formed', { body: '<Response><Say></Response>' }, 12100],
  ['XML 1.1', { body: '<?xml version="1.1"?><Response/>' }, 12101],
  ['another root', { body: '<response/>' }, 12102],
])('%s leads to the fallback', (_what, answer, code) => {
  const bench = new CallBench({ number: { voiceFallbackUrl: fallback } });
  bench.answerWith(answer);

  expect(bench.problems).toEqual([code]);
  expect(bench.lastRequest).toMatchObject({ url: fallback, fields: { ErrorCode: String(code) } });
  bench.answer('<Say>Please call again.</Say>');
  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Please call again.' }]);
});

test('without a fallback, or when the fallback fails too, the caller hears an apology and the call ends', () => {
  const bench = new CallBench({ number: { voiceFallbackUrl: fallback } });
  bench.answerWith({ status: 503 });
  bench.answerWith({ status: 503 });
  bench.runFor(60_000);

  expect(bench.requests.map(({ url }) => url)).toEqual([
    'https://parley.example/twilio/voice',
    fallback,
    'https://parley.example/twilio/status',
  ]);
  expect(bench.notes('verb.say')).toMatchObject([{ text: apology }]);
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'applicationError' }]);
});

test('a webhook that takes more than 15 s is given up and not repeated', () => {
  const bench = new CallBench();
  bench.runUntil(14_999);
  expect(bench.problems).toEqual([]);
  bench.runUntil(15_000);

  expect(bench.problems).toEqual([11200]);
  expect(bench.all('http.abort')).toHaveLength(1);
  expect(bench.notes('verb.say')).toMatchObject([{ text: apology }]);
});

test('an answer that comes after the deadline is ignored', () => {
  const bench = new CallBench();
  const { id } = bench.lastRequest;
  bench.runUntil(15_500);
  bench.answerWith({ body: '<Response><Say>Too late.</Say></Response>' }, id);

  expect(bench.notes('verb.say')).toMatchObject([{ text: apology }]);
});

test('a connection that fails is tried once more with the same token; a 5xx is not', () => {
  const bench = new CallBench();
  const { id } = bench.lastRequest;
  bench.take({ type: 'http.failed', id, stage: 'connect' });
  expect(bench.requests).toHaveLength(2);
  expect(bench.requests[1]).toEqual({ ...bench.requests[0], id: bench.lastRequest.id });

  bench.take({ type: 'http.failed', id: bench.lastRequest.id, stage: 'connect' });
  expect(bench.requests).toHaveLength(2);
  expect(bench.problems).toEqual([11205]);
});

test('a redirect turns the POST into a GET and loses the form', () => {
  const bench = new CallBench();
  bench.answerWith({ status: 302, location: '/elsewhere' });

  expect(bench.lastRequest).toMatchObject({ method: 'GET', url: 'https://parley.example/elsewhere', fields: {} });
});

test('the eleventh redirect is an error', () => {
  const bench = new CallBench();
  for (let redirect = 0; redirect < 11; redirect += 1) bench.answerWith({ status: 307, location: '/again' });

  expect(bench.problems).toEqual([11215]);
});

test('plain text is read aloud unless it is TwiML', () => {
  const spoken = new CallBench();
  spoken.answerWith({ contentType: 'text/plain; charset=utf-8', body: 'Hello.' });
  expect(spoken.notes('verb.say')).toMatchObject([{ text: 'Hello.' }]);

  const run = new CallBench();
  run.answerWith({ contentType: 'text/plain', body: '<Response><Hangup/></Response>' });
  expect(run.notes('call.ended')).toMatchObject([{ reason: 'hangupVerb' }]);
});

test('an empty document ends the call', () => {
  const bench = new CallBench();
  bench.answer('');
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'documentEnded' }]);
});

test('a status callback that fails is only a warning', () => {
  const bench = new CallBench();
  bench.answer('<Hangup/>');
  bench.answerWith({ status: 500 });

  expect(bench.problems).toEqual([15003]);
  expect(bench.machine.nextDeadline()).toBeNull();
});
