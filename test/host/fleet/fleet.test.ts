import { describe, expect, test } from 'vitest';
import {
  type BenchSession,
  type BenchStream,
  callSid,
  otherCall,
  type ServiceBench,
  tokenIn,
} from '../service-bench.ts';
import { FleetScene, redirectIn } from './fleet-scene.ts';

const inCall = { CallStatus: 'in-progress' };

describe('a webhook for a call that another instance has', () => {
  test.for([
    ['voice', {}, '/i/b/twilio/voice?sent=1'],
    ['streamEnded', { stream: '2' }, '/i/b/twilio/stream-ended?stream=2&sent=1'],
    ['dialEnded', { attempt: '3' }, '/i/b/twilio/dial-ended?attempt=3&sent=1'],
    ['callee', { call: callSid, attempt: '1' }, `/i/b/twilio/callee?call=${callSid}&attempt=1&sent=1`],
    ['voicemailEnded', {}, '/i/b/twilio/voicemail-ended?sent=1'],
  ] as const)('is sent there: %s', ([path, query, address]) => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    b.talks();
    expect(redirectIn(a.asks(path, { DialCallStatus: 'busy' }, query))).toBe(address);
    expect(a.service.registry.liveCount).toBe(0);
    expect(b.log.named('callFenced')).toEqual([]);
  });

  test('is answered here when Twilio was sent here for it, and the other one is fenced', () => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    b.talks();
    scene.passes(1_000);
    expect(a.asks('streamEnded', inCall, { stream: '1', sent: '1' })).toContain('<Stream ');
    b.asks('status', { CallSid: callSid });
    b.modelSays(b.answersSetup(), { serverContent: { inputTranscription: { text: 'Hm.', finished: true } } });
    b.service.registry.live[0]?.tell({ type: 'operator.noted', text: 'A note.' });
    scene.passes(1_000);
    expect(b.log.named('callFenced')).toHaveLength(1);
  });

  test('is answered here when that instance is gone', () => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    b.talks();
    scene.passes(1_000);
    scene.living.delete('b');
    expect(a.asks('streamEnded', inCall, { stream: '1' })).toContain('<Stream ');
  });

  test('is answered here when nobody has the call', () => {
    const a = new FleetScene().starts('a');
    expect(a.asks('voice')).toContain('<Stream url="wss://parley.example/i/a/twilio/media"');
  });
});

describe('a stream that comes to another process', () => {
  test('is taken with its call, which greets as if it had come to the first', () => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    const token = tokenIn(a.asks('voice'));
    const stream = b.opensStream(token);
    b.passes(100);
    expect([stream.closeCode, b.service.registry.liveCount]).toEqual([null, 1]);
    const session = b.answersSetup();
    expect(JSON.stringify(session.received)).toContain('Greet the caller');
    // The first process learns it with the next thing that it writes.
    a.asks('streamEnded', inCall, { stream: '1' });
    a.passes(1_000);
    expect(a.log.named('callFenced')).toHaveLength(1);
  });

  test.for([
    ['used where it was made', (token: string) => token],
    ['of another stream', (token: string) => token.replace(/^1/, '2')],
    ['made by somebody else', () => '1.token-1.c2lnbmF0dXJl'],
    ['none at all', () => ''],
    ['without an end', (token: string) => token + '.'.repeat(1_000)],
  ] as const)('is refused with a token that is %s', ([why, change]) => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    const token = tokenIn(a.asks('voice'));
    if (why.startsWith('used')) a.opensStream(token);
    // One write is enough: nobody waits for the next batch.
    scene.passes(5);
    const stream = b.opensStream(change(token));
    b.passes(1_000);
    expect([stream.closeCode, b.service.registry.liveCount]).toEqual([1008, 0]);
    expect(scene.store.perform({ kind: 'owner', callSid }, 'reader')).toMatchObject({
      owner: expect.stringMatching(/^a\./u),
    });
  });

  test('is refused with the token of another call', () => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    const token = tokenIn(a.asks('voice'));
    a.asks('voice', { CallSid: otherCall });
    const stream = b.opensStream(token, otherCall);
    b.passes(1_000);
    expect([stream.closeCode, b.service.registry.liveCount]).toEqual([1008, 0]);
  });

  test('is refused with a token that a third one has taken', () => {
    const scene = new FleetScene();
    const [a, b, c] = [scene.starts('a'), scene.starts('b'), scene.starts('c')];
    const token = tokenIn(a.asks('voice'));
    b.opensStream(token);
    b.passes(100);
    const stream = c.opensStream(token);
    c.passes(100);
    expect([stream.closeCode, c.service.registry.liveCount]).toEqual([1008, 0]);
  });

  test('is let go when its caller is gone before the call is here', () => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    const stream = b.opensStream(tokenIn(a.asks('voice')));
    stream.socket.closed(1006, '');
    b.passes(100);
    expect(b.asks('streamEnded', { CallStatus: 'completed' }, { stream: '1' })).toContain('<Response/>');
    expect(b.service.registry.liveCount).toBe(0);
  });
});

describe('a process that is about to end', () => {
  test('leaves a call to another at a quiet moment, which goes on without a word', () => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    const { stream, session } = a.talks();
    const told: number[] = [];
    a.service.drain(60_000, (cutOff) => told.push(cutOff));
    expect(a.service.registry.noRoom).toBe('draining');
    a.passes(2_000);
    // The greeting has not come yet.
    expect(stream.closeCode).toBeNull();
    greets(a, session);
    expect(stream.closeCode).toBeNull();
    hearsAll(a, stream);
    expect(stream.closeCode).toBe(1001);
    const address = redirectIn(a.asks('streamEnded', inCall, { stream: '1' }));
    expect(address).toBe('/i/b/twilio/stream-ended?stream=1&sent=1');
    expect(told).toEqual([0]);
    const twiml = b.asks('streamEnded', inCall, { stream: '1', sent: '1' });
    expect(twiml).toContain('/i/b/twilio/media');
    b.opensStream(tokenIn(twiml));
    const next = b.answersSetup();
    b.passes(5_000);
    expect(JSON.stringify(next.received)).not.toMatch(/Greet the caller|line dropped/u);
  });

  // The agent's last words were heard, so the next process had nothing to say. But nobody heard the caller for the seconds in which Twilio
  // waited for that process, and it was the caller's turn. Who had spoken into that silence waited another fifteen seconds to be asked.
  test('leaves a call to the next start, whose agent speaks first, however quiet the moment was', () => {
    const scene = new FleetScene();
    const a = scene.starts('a');
    const { stream, session } = a.talks();
    greets(a, session);
    hearsAll(a, stream);
    a.service.drain(0, () => {});
    a.passes(100);
    expect(stream.closeCode).toBe(1001);
    expect(a.asks('streamEnded', inCall, { stream: '1' })).toContain('<Pause length="4"/>');
    scene.living.delete('a');
    const next = scene.starts('a');
    next.opensStream(tokenIn(next.asks('streamEnded', inCall, { stream: '1' })));
    const resumed = next.answersSetup();
    expect(JSON.stringify(resumed.received)).toContain('The line dropped');
  });

  // All processes were restarted at once, and each still took the other for one that stays. The second one was leaving its calls already,
  // and had Twilio wait for the next start, whose agent said nothing to a caller whose turn it had been for seconds.
  test('leaves a call to one that ends as well, and the agent of the next start speaks first', () => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a'), scene.starts('b')];
    b.asks('voice', { CallSid: otherCall });
    const { stream, session } = a.talks();
    greets(a, session);
    hearsAll(a, stream);
    a.service.drain(60_000, () => {});
    b.service.drain(0, () => {});
    scene.passes(100);
    expect(stream.closeCode).toBe(1001);
    expect(redirectIn(a.asks('streamEnded', inCall, { stream: '1' }))).toContain('/i/b/');
    expect(b.asks('streamEnded', inCall, { stream: '1', sent: '1' })).toContain('<Pause length="4"/>');
    for (const instance of ['a', 'b']) scene.living.delete(instance);
    const next = scene.starts('b');
    next.passes(a.clock.nowMs() + 4_000);
    next.opensStream(tokenIn(next.asks('streamEnded', inCall, { stream: '1' })));
    expect(JSON.stringify(next.answersSetup().received)).toContain('The line dropped');
  });

  test('leaves the call to the next start when its time is over and no quiet moment came', () => {
    const scene = new FleetScene();
    const [a] = [scene.starts('a'), scene.starts('b')];
    const { stream } = a.talks();
    a.service.drain(60_000, () => {});
    a.passes(59_900);
    expect(stream.closeCode).toBeNull();
    a.passes(300);
    expect(stream.closeCode).toBe(1001);
  });

  test('sends new calls to another, and takes those that the other has sent', () => {
    const scene = new FleetScene();
    const [a] = [scene.starts('a'), scene.starts('b')];
    a.talks();
    a.service.drain(60_000, () => {});
    expect(redirectIn(a.asks('voice', { CallSid: otherCall }))).toBe('/i/b/twilio/voice?sent=1');
    expect(a.asks('voice', { CallSid: otherCall }, { sent: '3' })).toContain('<Stream ');
    expect(a.service.registry.turnedAway.draining).toBe(0);
  });

  test('takes new calls itself while no other has room, as far as it has some', () => {
    const scene = new FleetScene();
    const [a] = [scene.starts('a', { callsMax: 2 }), scene.starts('b')];
    a.talks();
    a.service.drain(60_000, () => {});
    scene.roomy.delete('b');
    expect(a.asks('voice', { CallSid: otherCall })).toContain('<Stream ');
    expect(a.asks('voice', { CallSid: `CA${'9'.repeat(32)}` })).toContain('<Dial ');
  });

  test('goes on answering when there is no other, as far as there is room', () => {
    const scene = new FleetScene();
    const a = scene.starts('a', { callsMax: 2 });
    a.talks();
    a.service.drain(60_000, () => {});
    expect(a.asks('voice', { CallSid: otherCall })).toContain('<Stream ');
    expect(a.asks('voice', { CallSid: `CA${'9'.repeat(32)}` })).toContain('<Dial ');
    expect(a.service.registry.turnedAway).toEqual({ full: 1, draining: 0, overloaded: 0 });
  });
});

/** The model says a greeting, and that it is complete. */
function greets(bench: ServiceBench, session: BenchSession): void {
  const data = Buffer.from(new Uint8Array(4_800).fill(0x20)).toString('base64');
  const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }];
  bench.modelSays(session, { serverContent: { outputTranscription: { text: 'Hello.' }, modelTurn: { parts } } });
  bench.modelSays(session, { serverContent: { generationComplete: true } });
  bench.modelSays(session, { serverContent: { turnComplete: true } });
  bench.passes(50);
}

/** The caller hears all that was sent. */
function hearsAll(bench: ServiceBench, stream: BenchStream): void {
  for (const { event, mark } of stream.received) if (event === 'mark') bench.says(stream, { event, mark });
  bench.passes(3_000);
}
