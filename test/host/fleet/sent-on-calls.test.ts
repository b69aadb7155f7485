import { describe, expect, test } from 'vitest';
import { callSid, otherCall } from '../service-bench.ts';
import { FleetScene, redirectIn } from './fleet-scene.ts';

const late = (): { delayMs: () => number } => ({ delayMs: () => 150 });

describe('a new call for which a process has no room', () => {
  test.for([
    ['has as many calls as it takes', { callsMax: 1 }, 'full'],
    ['has used its share of the limit', { slots: () => 1 }, 'full'],
    ['is late with the calls that it has', { eventLoopDelay: late, callsMin: 1 }, 'overloaded'],
  ] as const)('is sent to another when the process %s', ([, options, why]) => {
    const scene = new FleetScene();
    const [a, b] = [scene.starts('a', options), scene.starts('b')];
    // The first one is taken before the process is late.
    expect(a.asks('voice')).toContain('<Stream ');
    expect(redirectIn(a.asks('voice', { CallSid: otherCall }))).toBe('/i/b/twilio/voice?sent=1');
    expect(b.asks('voice', { CallSid: otherCall }, { sent: '1' })).toContain('/i/b/twilio/media');
    scene.passes(1_000);
    expect([a, b].map(({ service: { registry } }) => registry.live.map((host) => host.callSid))).toEqual([
      [callSid],
      [otherCall],
    ]);
    expect(a.log.named('callSentOn')).toMatchObject([{ callSid: otherCall, to: 'b', why, timesSent: 1 }]);
    expect(a.service.registry.callsSentOn).toBe(1);
    expect([...a.log.named('callRefused'), ...a.log.named('callFenced')]).toEqual([]);
    expect(scene.store.perform({ kind: 'owner', callSid: otherCall }, 'reader')).toMatchObject({ owner: b.name });
  });

  test('takes along what its address asked for beside', () => {
    const scene = new FleetScene();
    const [a] = [scene.starts('a', { callsMax: 0 }), scene.starts('b')];
    expect(redirectIn(a.asks('voice', {}, { stream: '7', sent: '1' }))).toBe('/i/b/twilio/voice?stream=7&sent=2');
  });

  test.for(['3', '4', 'yes', '', '01', '-1', ['1', '1'], { a: '1' }])(
    'is refused when it was sent on often enough, or nobody knows how often (%j)',
    (sent) => {
      const scene = new FleetScene();
      const [a] = [scene.starts('a', { callsMax: 0 }), scene.starts('b')];
      expect(a.asks('voice', {}, { sent })).toContain('<Dial ');
      expect(a.service.registry.turnedAway.full).toBe(1);
    },
  );

  test('goes round no more than three times where each takes the others for free', () => {
    const scene = new FleetScene();
    const all = new Map(['a', 'b'].map((instance) => [instance, scene.starts(instance, { callsMax: 0 })]));
    const asked: string[] = [];
    let twiml = '';
    let address: string | null = '/i/a/twilio/voice';
    while (address !== null && asked.length < 10) {
      asked.push(address);
      const url = new URL(address, 'https://parley.example');
      const instance = url.pathname.split('/')[2] ?? '';
      twiml = all.get(instance)?.asks('voice', {}, Object.fromEntries(url.searchParams)) ?? '';
      address = redirectIn(twiml);
    }
    expect(asked).toEqual([
      '/i/a/twilio/voice',
      '/i/b/twilio/voice?sent=1',
      '/i/a/twilio/voice?sent=2',
      '/i/b/twilio/voice?sent=3',
    ]);
    expect(twiml).toContain('<Dial ');
  });

  test('is refused where nobody has room, and where there is no other', () => {
    const scene = new FleetScene();
    const a = scene.starts('a', { callsMax: 0 });
    expect(a.asks('voice')).toContain('<Dial ');
    scene.starts('b');
    scene.roomy.delete('b');
    expect(a.asks('voice', { CallSid: otherCall })).toContain('<Dial ');
    expect(a.service.registry.turnedAway.full).toBe(2);
  });

  test('is refused when it comes from the browser, whose phone network knows no other process', () => {
    const scene = new FleetScene();
    const [a] = [scene.starts('a', { callsMax: 0 }), scene.starts('b')];
    a.service.registry.expectFromBrowser(callSid);
    expect(a.asks('voice')).toContain('<Dial ');
  });

  test('is asked about by the process that takes it, and by no other', () => {
    const scene = new FleetScene();
    const contextDefaults = new Map([['customer', 'our customer']]);
    const [a, b] = [scene.starts('a', { callsMax: 0, contextDefaults }), scene.starts('b', { contextDefaults })];
    expect(redirectIn(a.asks('voice'))).toBe('/i/b/twilio/voice?sent=1');
    const answers = b.posts('voice', {}, { sent: '1' });
    b.questions[0]?.done({ text: '{"customer":"Ann"}' });
    b.passes(10);
    expect(answers).toMatchObject([{ status: 200, twiml: expect.stringContaining('<Stream ') }]);
    expect([a.questions.length, b.questions.length, b.contexts]).toEqual([0, 1, [{ customer: 'Ann' }]]);
  });

  test('keeps the place that it has while somebody is asked about it, also when Twilio asks again', () => {
    const scene = new FleetScene();
    const options = { callsMax: 1, contextDefaults: new Map([['customer', 'our customer']]) };
    const [a] = [scene.starts('a', options), scene.starts('b')];
    const answers = [...a.posts('voice'), ...a.posts('voice')];
    expect(answers).toEqual([]);
    expect(redirectIn(a.asks('voice', { CallSid: otherCall }))).toBe('/i/b/twilio/voice?sent=1');
  });
});
