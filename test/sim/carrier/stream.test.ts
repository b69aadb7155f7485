import { expect, test } from 'vitest';
import { accountSid, CallBench, callSid, clear, mark, voice } from './call-bench.ts';

test('a stream begins with connected and start, back to back', () => {
  const bench = new CallBench();
  bench.answer(
    '<Connect><Stream url="wss://parley.example/twilio/media"><Parameter name="token" value="t1"/></Stream></Connect>',
  );
  const streamSid = bench.openSocket();

  expect(bench.all('socket.open')).toEqual([
    { type: 'socket.open', streamSid, url: 'wss://parley.example/twilio/media' },
  ]);
  expect(bench.frames().map(({ message }) => message)).toEqual([
    { event: 'connected', protocol: 'Call', version: '1.0.0' },
    {
      event: 'start',
      sequenceNumber: '1',
      streamSid,
      start: {
        accountSid,
        streamSid,
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token: 't1' },
      },
    },
  ]);
});

test.each([1, 2, 3, 4, 5])(
  'media comes in 20 ms frames whose timestamps begin at 90 to 155 ms and jitter (seed %i)',
  (seed) => {
    const bench = new CallBench({ seed });
    bench.stream();
    bench.runFor(3000);

    const media = bench.frames('media');
    const timestamps = media.map(({ message }) => Number(message.media?.timestamp));
    const steps = timestamps.slice(1).map((timestamp, index) => timestamp - (timestamps[index] ?? 0));
    expect(timestamps[0]).toBeGreaterThanOrEqual(90);
    expect(timestamps[0]).toBeLessThanOrEqual(155);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(16);
    expect(Math.max(...steps)).toBeLessThanOrEqual(24);
    expect(new Set(steps).size).toBeGreaterThan(1);
    expect(media.length).toBeGreaterThan(140);
    expect(media[0]?.message.media).toEqual({
      track: 'inbound',
      chunk: '1',
      timestamp: String(timestamps[0]),
      payload: Buffer.alloc(160, 0xff).toString('base64'),
    });
  },
);

test('media, keys, marks and stop count on one sequence of strings', () => {
  const bench = new CallBench({
    script: { steps: [{ pauseMs: 300 }, { dtmf: '5' }, { pauseMs: 200 }, { hangUp: true }] },
  });
  const streamSid = bench.stream();
  bench.receive(streamSid, mark('greeting'));
  bench.runFor(1000);

  const counted = bench.frames().slice(1);
  expect(counted.map(({ message }) => message.sequenceNumber)).toEqual(counted.map((_, index) => String(index + 1)));
  expect(bench.frames('dtmf')[0]?.message.dtmf).toEqual({ track: 'inbound_track', digit: '5' });
  expect(bench.frames('stop')[0]?.message.stop).toEqual({ accountSid, callSid });
  const chunks = bench.frames('media').map(({ message }) => message.media?.chunk);
  expect(chunks).toEqual(chunks.map((_, index) => String(index + 1)));
});

test('media stops while the caller is muted, and the timestamps jump', () => {
  const bench = new CallBench({ script: { steps: [{ pauseMs: 400 }, { muteMs: 1000 }] } });
  bench.stream();
  bench.runFor(2000);

  const timestamps = bench.frames('media').map(({ message }) => Number(message.media?.timestamp));
  const steps = timestamps.slice(1).map((timestamp, index) => timestamp - (timestamps[index] ?? 0));
  const jumps = steps.filter((step) => step > 24);
  expect(jumps).toHaveLength(1);
  expect(jumps[0]).toBeGreaterThan(1000);
  expect(jumps[0]).toBeLessThan(1030);
});

test('a late tick sends every frame that was due, with the time at which it was due', () => {
  const onTime = new CallBench();
  onTime.stream();
  onTime.runFor(1000);
  const late = new CallBench();
  late.stream();
  late.nowMs = 1000;
  late.take({ type: 'tick' });

  expect(late.frames('media').map(({ message }) => message)).toEqual(
    onTime.frames('media').map(({ message }) => message),
  );
});

test('a mark is echoed when playback reaches it', () => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  bench.runUntil(500);
  bench.receive(streamSid, voice(200), mark('first'), voice(100), mark('second'));
  bench.runUntil(1000);

  const echoes = bench.frames('mark').map(({ atMs, message }) => [atMs, message.mark?.name]);
  expect(echoes).toEqual([
    [700, 'first'],
    [800, 'second'],
  ]);
});

test('a mark is echoed at once when nothing is buffered', () => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  bench.runUntil(505);
  bench.receive(streamSid, mark('alone'));

  expect(bench.frames('mark').map(({ atMs, message }) => [atMs, message.mark])).toEqual([[505, { name: 'alone' }]]);
});

test('clear discards what was not played and echoes every waiting mark', () => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  bench.receive(streamSid, voice(300), mark('a'), voice(300), mark('b'));
  bench.runUntil(100);
  bench.receive(streamSid, clear);
  bench.runUntil(1000);

  expect(bench.frames('mark').map(({ atMs }) => atMs)).toEqual([100, 100]);
  expect(bench.notes('stream.cleared')).toMatchObject([{ atMs: 100, discardedMs: 500, marks: 2 }]);
  const [report] = bench.machine.streamReports(1000);
  expect(report?.heard.indexOf(0xff)).toBe(800);
  expect(report?.discardedBytes).toBe(4000);
});

const badFrames = [
  ['binary', 31950, new Uint8Array([1, 2])],
  ['not JSON', 31951, '{"event":'],
  ['an unknown event', 31951, '{"event":"stop","streamSid":"SID"}'],
  ['an extra field', 31951, '{"event":"media","streamSid":"SID","media":{"payload":"/w=="},"sequenceNumber":"1"}'],
  ['an extra inner field', 31951, '{"event":"media","streamSid":"SID","media":{"payload":"/w==","track":"outbound"}}'],
  ['no streamSid', 31951, '{"event":"media","media":{"payload":"/w=="}}'],
  ['the SID of another stream', 31951, '{"event":"clear","streamSid":"MZ0"}'],
  ['a mark without a name', 31951, '{"event":"mark","streamSid":"SID","mark":{}}'],
  ['a payload that is not base64', 31951, '{"event":"media","streamSid":"SID","media":{"payload":"/w"}}'],
  ['an undefined payload', 31951, '{"event":"media","streamSid":"SID","media":{}}'],
] as const;

test.each(badFrames)('a frame that is %s is ignored silently, with one warning per stream', (_what, code, data) => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  for (let times = 0; times < 3; times += 1) {
    const sent = typeof data === 'string' ? data.replace('SID', streamSid) : data;
    bench.take({ type: 'socket.received', streamSid, data: sent });
  }
  bench.runFor(500);

  expect(bench.problems).toEqual([code]);
  expect(bench.frames('mark')).toEqual([]);
  expect(bench.machine.streamReports(500)[0]?.received).toEqual({ media: 0, mark: 0, clear: 0, ignored: 3 });
});

test('a frame that comes before the socket is open is lost', () => {
  const bench = new CallBench();
  bench.answer('<Connect><Stream url="wss://parley.example/twilio/media"/></Connect>');
  const streamSid = bench.all('socket.open')[0]?.streamSid ?? '';
  bench.receive(streamSid, voice(100));
  bench.openSocket();
  bench.runFor(200);

  expect(bench.machine.streamReports(200)[0]?.heard.every((code) => code === 0xff)).toBe(true);
});

test('more than ten minutes of audio are discarded with a warning', () => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  for (let minute = 0; minute < 11; minute += 1) bench.receive(streamSid, voice(60_000));

  expect(bench.problems).toEqual([31931]);
  expect(bench.machine.streamReports(0)[0]?.discardedBytes).toBe(60_000 * 8);
});

test('the caller knows when the agent speaks and when it sends silence', () => {
  const bench = new CallBench({
    script: { steps: [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 200 }, { hangUp: true }] },
  });
  const streamSid = bench.stream();
  const silence = { event: 'media', media: { payload: Buffer.alloc(8000, 0xff).toString('base64') } };
  bench.runUntil(500);
  bench.receive(streamSid, silence, voice(400), silence);
  bench.runUntil(5000);

  // The voice plays from 1500 to 1900 ms, then it must be quiet for 200 ms.
  expect(bench.notes('call.ended')).toMatchObject([{ atMs: 2100, reason: 'callerHungUp' }]);
});
