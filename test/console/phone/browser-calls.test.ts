import { expect, test } from 'vitest';
import { z } from 'zod';
import type { CallFact } from '../../../src/call/events.ts';
import { BrowserCalls } from '../../../src/console/phone/browser-calls.ts';
import { pictureMessage } from '../../../src/console/phone/handset-wire.ts';
import { loadCallerClips } from '../../../src/sim/caller/caller-clips.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { type Clock, systemClock } from '../../../src/system/clock.ts';
import { authToken, publicUrl, ServiceScene } from '../../e2e/service-scene.ts';
import { LogLines } from '../../log-lines.ts';
import { until } from '../../until.ts';
import { createTools, defineTool } from '../../../src/tools/tool.ts';
import { PhoneScene, type TestPage } from './phone-scene.ts';

const quick = { setupMs: 0, latencyMs: 0 };
const greeting = { steps: [{ say: 'beep' }] };

test.concurrent('a page talks with the agent over the whole telephone path, and each frame arrives once', async (context) => {
  const scene = await PhoneScene.open(context, {
    model: { script: { ...quick, turns: [greeting, { heard: 'No.', steps: [{ say: 'beep' }] }] } },
  });
  const { callSid } = await scene.place();
  const page = await scene.page(callSid);
  await until('the greeting is heard', () => page.told('said').length > 0);
  await until(
    'the greeting is over',
    () => page.heard.some(isLoud) && page.heard.slice(-10).every((one) => !isLoud(one)),
  );
  const no = loadCallerClips().get('no') ?? new Uint8Array();
  await speak(page, no);
  await until('the caller is understood', () => page.told('caption').some(({ speaker }) => speaker === 'caller'));
  page.ask({ type: 'hangUp' });
  await until('the call is over', () => page.told('recorded').length > 0);

  expect(page.told('state').map(({ state }) => state.phase)).toEqual(['ringing', 'talking', 'over']);
  expect(page.told('state').at(-1)?.state).toMatchObject({ went: 'well', why: 'You hung up.' });
  expect(
    page
      .told('caption')
      .map(({ text }) => text)
      .join(''),
  ).toContain('Beep.');
  expect(page.count).toMatchObject({ lost: 0, doubled: 0 });

  // What the carrier sent is what the page spoke, and the page heard what the carrier played.
  const recording = await scene.recording(callSid);
  if (recording === null) throw new RangeError('The recording is missing.');
  expect(scene.service.log.named('personalDataSeen')).toMatchObject([{ what: 'recording', callSid }]);
  // A busy machine may have put silence between two frames.
  expect(loud(recording.said)).toEqual(loud(samplesOf(no.subarray(0, no.length - (no.length % 160)))));
  const heard = samplesOf(Buffer.concat(page.heard));
  const played = loud(recording.heard);
  expect(played.length).toBeGreaterThan(2000);
  expect(loud(heard)).toEqual(played);
  expect(scene.service.log.named('callReceived')).toMatchObject([{ source: 'browser' }]);
});

test.concurrent('keys, pings and pictures reach the call', async (context) => {
  const scene = await PhoneScene.open(context);
  const page = await scene.page((await scene.place()).callSid);
  await until('the greeting is heard', () => page.told('said').length > 0);
  page.ask({ type: 'key', digit: '5' });
  page.ask({ type: 'ping', id: 1 });
  page.send(pictureMessage(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3)));
  page.send(pictureMessage(Uint8Array.of(1, 2, 3)));

  await until('the pong', () => page.pongs === 1);
  await until('both pictures are judged', () => page.told('pictures').length === 2);
  expect(page.told('pictures')).toMatchObject([
    { taken: 1, refusal: null },
    { taken: 1, refusal: 'This is no JPEG picture.' },
  ]);
  await until('the agent learns of the key', () =>
    JSON.stringify(scene.service.model.sessions[0]?.timeline).includes('5'),
  );
});

test.concurrent('a page that comes back learns what it has missed, and the call has gone on', async (context) => {
  const scene = await PhoneScene.open(context);
  const { callSid } = await scene.place();
  const page = await scene.page(callSid);
  await until('the call is answered', () => page.told('state').length === 2);
  page.drop();
  await until('the page is gone', () => page.closeCode !== null);

  const again = await scene.page(callSid, page.news.at(-1)?.number);
  await until('the greeting is told', () => again.told('said').length > 0);
  expect(again.news.map(({ number }) => number)).toEqual(
    again.news.map((_, index) => (page.news.at(-1)?.number ?? 0) + 1 + index),
  );
  await until('sound comes', () => again.heard.length > 20);
  expect(again.count).toMatchObject({ lost: 0, doubled: 0 });
  await until('figures come', () => again.figures !== null);
  again.ask({ type: 'line', isBad: true });
  await until('the line is bad', () => again.figures?.isLineBad === true);
});

test.concurrent('the page that comes last has the call', async (context) => {
  const scene = await PhoneScene.open(context);
  const { callSid } = await scene.place();
  const first = await scene.page(callSid);
  const second = await scene.page(callSid);
  await until('the first is told', () => first.closeCode === 4000);
  await until('the second hears', () => second.heard.length > 0);
  expect(second.closeCode).toBeNull();
});

test.concurrent('what is no message of a page ends its connection, and not the call', async (context) => {
  const scene = await PhoneScene.open(context);
  const { callSid } = await scene.place();
  for (const wrong of ['{', '{"type":"key","digit":"12"}', Uint8Array.of(9, 9), new Uint8Array(0)]) {
    // oxlint-disable-next-line no-await-in-loop -- One after the other: each takes the place of the one before.
    const page = await scene.page(callSid);
    page.send(wrong);
    // oxlint-disable-next-line no-await-in-loop -- As above.
    await until('the connection is closed', () => page.closeCode === 4008);
  }
  expect((await scene.page(callSid)).closeCode).toBeNull();
  expect(scene.service.service.registry.liveCount).toBe(1);
});

test.concurrent('another session has nothing of a call', async (context) => {
  const scene = await PhoneScene.open(context);
  const { callSid } = await scene.place();
  const page = await scene.page(callSid);
  await scene.logInAgain();
  const stranger = await scene.page(callSid);
  await until('the stranger is refused', () => stranger.closeCode === 4004);
  page.ask({ type: 'hangUp' });
  await until('the call is kept', () => page.told('recorded').length > 0);
  expect(await scene.recording(callSid)).toBeNull();
});

test.concurrent('a transfer goes to the local phone network, and nobody is called', async (context) => {
  const scene = await PhoneScene.open(context, {
    model: {
      script: {
        ...quick,
        turns: [
          {
            steps: [{ call: { name: 'transfer_call', args: { destination: 'support' }, answered: [{ say: 'beep' }] } }],
          },
        ],
      },
    },
  });
  const page = await scene.page((await scene.place()).callSid);
  await until('the call is over', () => page.told('recorded').length > 0);

  expect(page.told('tool').map(({ name, state }) => ({ name, state }))).toEqual([
    { name: 'transfer_call', state: 'runs' },
    { name: 'transfer_call', state: 'done' },
  ]);
  expect(page.told('event').map(({ text }) => text)).toEqual([
    'The agent passes you on, when it has finished speaking.',
    'Now support would ring. This call comes from the browser, so nobody is called.',
    'support would have talked with you, and has hung up.',
  ]);
  expect(page.told('state').at(-1)?.state).toMatchObject({ went: 'well', why: 'The agent passed you on.' });
});

test.concurrent.for([
  ['false', 0],
  ['true', 1],
] as const)('with ADMIN_CALLS_ACT=%s a tool that writes is run %i times', async ([callsAct, times], context) => {
  let sent = 0;
  const send = defineTool({
    name: 'send',
    description: 'Sends a message.',
    effect: 'write',
    parameters: z.object({}),
    run: () => {
      sent += 1;
      return { response: { result: 'Sent.' } };
    },
  });
  const scene = await PhoneScene.open(context, {
    env: { ADMIN_CALLS_ACT: callsAct },
    model: {
      script: { ...quick, turns: [{ steps: [{ call: { name: 'send', args: {}, answered: [{ say: 'beep' }] } }] }] },
    },
    parts: { tools: createTools([send]) },
  });
  const page = await scene.page((await scene.place()).callSid);
  await until('the tool is answered', () => page.told('tool').length === 2);
  expect(sent).toBe(times);
  expect(page.told('tool').at(-1)?.what).toContain(times === 0 ? 'nothing was done' : 'Sent.');
});

test.concurrent('redirects of a call from the browser stay here, and all others go to Twilio', async (context) => {
  const service = await ServiceScene.open(context);
  const calls = callsTo(service, systemClock, new LogLines());
  const sentOn: string[] = [];
  const facts: CallFact[] = [];
  const redirect = calls.redirect((callSid) => sentOn.push(callSid));
  const take = (fact: CallFact): void => void facts.push(fact);
  const call = calls.place('somebody', anyAgent);
  if (call === null) throw new RangeError('There was no room.');
  await until('the call is answered', () => service.service.registry.liveCount === 1);

  redirect(`CA${'1'.repeat(32)}`, '<Response/>', take);
  redirect(call.callSid, '<Response><Hangup/></Response>', take);
  redirect(call.callSid, '<Response/>', take);
  expect(sentOn).toEqual([`CA${'1'.repeat(32)}`]);
  expect(facts).toMatchObject([{ type: 'telephony.updated' }, { type: 'telephony.failed', callOver: true }]);
  expect(await call.ended).toMatchObject({ endReason: 'hangupVerb' });
  redirect(call.callSid, '<Response/>', take);
  expect(sentOn).toHaveLength(1);
  expect(facts.at(-1)).toMatchObject({ type: 'telephony.failed', callOver: true });
});

test.concurrent('a call is hung up when its page stays away', async (context) => {
  const scene = await PhoneScene.open(context);
  const { callSid } = await scene.place();
  const { registry } = scene.service.service;
  await until('the call is answered', () => registry.liveCount === 1);
  await until('the call is hung up', () => registry.liveCount === 0);
  const page = await scene.page(callSid);
  await until('the page is told', () => page.told('recorded').length > 0);
  expect(page.told('state').at(-1)?.state).toMatchObject({ why: expect.stringContaining('The page was away') });
});

test.concurrent('a service that stops hangs up, and says so', async (context) => {
  const scene = await PhoneScene.open(context);
  const page = await scene.page((await scene.place()).callSid);
  await until('the call is answered', () => page.told('state').length === 2);
  await scene.service.service.stop(0);
  expect(page.told('state').at(-1)?.state).toMatchObject({ why: expect.stringContaining('Parley is about to stop') });
});

test.concurrent('a call that is refused for its number says what to do', async (context) => {
  const scene = await PhoneScene.open(context, { env: { MAX_CONCURRENT_CALLS: '1', FALLBACK_DESTINATION: '' } });
  const first = await scene.page((await scene.place()).callSid);
  await until('the first is answered', () => first.told('state').length === 2);
  const second = await scene.page((await scene.place()).callSid);
  await until('the second is over', () => second.told('recorded').length > 0);
  expect(second.told('state').at(-1)?.state).toMatchObject({
    went: 'wrong',
    why: expect.stringContaining('MAX_CONCURRENT_CALLS'),
  });

  const placed = await Promise.all([1, 2, 3, 4].map(async () => scene.place()));
  expect(placed.map(({ status }) => status)).toContain(429);
  expect(placed.find(({ status }) => status === 429)?.error).toMatch(/Too many calls/);
});

async function speak(page: TestPage, clip: Uint8Array): Promise<void> {
  // As a browser does: two frames at once, in time with what is heard.
  let at = 0;
  const silence = new Uint8Array(160).fill(0xff);
  for (let spoken = 0; at < clip.length || spoken < 100; spoken += 2) {
    const heardBefore = page.heard.length;
    for (let two = 0; two < 2; two += 1) {
      const audio = clip.subarray(at, at + 160);
      page.speak(audio.length === 160 ? audio : silence);
      at += 160;
    }
    // oxlint-disable-next-line no-await-in-loop -- The line has a pace.
    await until('two frames are heard', () => page.heard.length >= heardBefore + 2);
  }
}

function samplesOf(mulaw: Uint8Array): Int16Array {
  return Int16Array.from(mulaw, (code) => mulawCodec.decode[code] ?? 0);
}

function loud(samples: Int16Array): Int16Array {
  return samples.filter((sample) => sample !== 0);
}

function isLoud(audio: Uint8Array): boolean {
  return audio.some((code) => (~code & 0x7f) > 0x20);
}

test.concurrent('a phone network that breaks ends its call alone, and the log says why', async (context) => {
  const service = await ServiceScene.open(context);
  const log = new LogLines();
  let isBroken = true;
  const clock: Clock = {
    ...systemClock,
    lazily(ms, fire) {
      const timer = systemClock.lazily(ms, fire);
      return {
        cancel() {
          timer.cancel();
          const breaks = isBroken;
          isBroken = false;
          if (breaks) throw new Error('The network broke.');
        },
      };
    },
  };
  const calls = callsTo(service, clock, log);
  const call = calls.place('somebody', anyAgent);
  if (call === null) throw new RangeError('There was no room.');
  await until('the call is answered', () => service.service.registry.liveCount === 1);
  call.hangUp('It was enough.');
  await expect(call.ended).rejects.toThrow('The network broke.');
  await until('the log says so', () => log.named('browserCallBroke').length === 1);
  expect(call.isLive).toBe(false);
  expect(calls.place('somebody', anyAgent)).not.toBeNull();
  calls.stop();
});

const anyAgent = { number: null, destinations: new Map(), fallbackNumber: null };

function callsTo(service: ServiceScene, clock: Clock, log: LogLines): BrowserCalls {
  const ours = new Set<string>();
  return new BrowserCalls({
    line: () => ({
      voiceUrl: `${publicUrl}/twilio/voice`,
      statusUrl: `${publicUrl}/twilio/status`,
      target: service.url,
      authToken,
      accountSid: `AC${'0'.repeat(32)}`,
    }),
    expect: (callSid) => void ours.add(callSid),
    isOurs: (callSid) => ours.has(callSid),
    callsAct: false,
    show: () => null,
    clock,
    log: log.logger,
  });
}
