import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CallObserver } from '../../src/call/call-observer.ts';
import type { Journal } from '../../src/store/journal.ts';
import { openJournal } from '../../src/store/sqlite/open-journal.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { frameText } from '../../src/encoding/frame-text.ts';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { LogLines } from '../log-lines.ts';
import { JournalScene } from '../store/journal-scene.ts';
import { callForm, callSid, post, RawStream, streamSid, tokenIn } from '../twilio/twilio-client.ts';
import { until } from '../until.ts';
import { fallback, isClosed, publicUrl, ServiceScene } from './service-scene.ts';

const order = 'My order is A1042.';

/** The caller names an order, and gets a long answer. */
const answers: ScriptInput = {
  turns: [{ steps: [{ say: 'beep' }] }, { heard: order, steps: [{ say: 'order-status' }] }],
  setupMs: 0,
  latencyMs: 0,
  heardMs: 0,
};

const saysGoodbye: ScriptInput = {
  turns: [{ steps: [{ say: 'beep' }, { call: { name: 'end_call' } }] }],
  setupMs: 0,
  latencyMs: 0,
};

/** Of the answer, so many are played before the restart. */
const marksOfHalf = 10;

const inProgress = callForm({ CallStatus: 'in-progress' });

test.concurrent('a call goes on with the next process, which knows what was said and heard', async (context) => {
  const file = join(new JournalScene(context).folder, 'real-time.sqlite');
  const openOne = (): Journal => openJournal({ file, log: new LogLines().logger, limits: { answerMsMax: 20_000 } });
  const heard: string[] = [];
  const observeCall = (): CallObserver => ({
    write: (event) => void (event.type === 'stream.marked' && heard.push(event.name)),
    close: () => {},
  });
  const parts = { journal: openOne(), observeCall };
  const first = await ServiceScene.open(context, { model: { script: answers }, parts });
  const twilio = await talk(first);
  await until('the end of the greeting', () => first.log.named('transcript').length === 1);
  const heardBefore = heard.length;
  twilio.marksLeft = marksOfHalf;
  twilio.stream.speak(50);
  await until('the answer', () => twilio.marks.length >= heardBefore + 2 * marksOfHalf);
  await until('half of it is heard', () => heard.length === heardBefore + marksOfHalf);
  await until('the words of the caller', () => first.log.named('transcript').length === 2);

  await until('an open journal', () => parts.journal.state.kind === 'open');
  const stopped = first.service.stop(0);
  expect(await twilio.stream.closed()).toBe(1001);
  // The next process may be asked from here on.
  expect(parts.journal.state.queuedEntries).toBe(0);
  const asked = await post(first.url, '/twilio/stream-ended?stream=1', inProgress);
  const [, next = ''] = /<Pause length="4"\/><Redirect method="POST">([^<]*)<\/Redirect>/.exec(asked.text) ?? [];
  expect(next.replaceAll('&amp;', '&')).toBe(`${publicUrl}/twilio/stream-ended?stream=1#rc=5&rp=ct,rt,5xx`);
  expect(await stopped).toBe(0);
  expect(first.log.named('callReleased')).toMatchObject([{ callSid }]);
  expect(first.log.named('leaving')).toEqual([]);
  await until('the session is closed', () => isClosed(first.model.sessions[0]));

  const journal = openOne();
  const second = await ServiceScene.open(context, { modelUrl: first.model.url, parts: { journal } });
  const before = await journal.read(callSid);
  expect(before?.ended).toBeNull();
  expect(before?.entries).toContainEqual(expect.objectContaining({ kind: 'said', speaker: 'caller', text: order }));
  expect(before?.entries.at(-1)).toMatchObject({ kind: 'said', speaker: 'agent', cut: true });

  const { text } = await post(second.url, '/twilio/stream-ended?stream=1', inProgress);
  expect(text).toContain('stream-ended?stream=2');
  const again = await Playing.connect(second.url, text);
  const session = await until('another session', () => first.model.sessions[1]);
  await until('words of the agent', () => again.marks.length > 0);
  expect(session.report().resumes).toBe(1);
  expect(JSON.stringify([session.report().setup, session.report().history])).toContain(order);
  await post(second.url, '/twilio/status', callForm({ CallStatus: 'completed' }));
  const after = await journal.read(callSid);
  expect(after?.ended).toMatchObject({ reason: 'callerHungUp' });
  expect(after?.entries.filter(({ kind }) => kind === 'ended')).toHaveLength(1);
  expect(first.log.named('callFenced')).toEqual([]);
});

test.concurrent.for([
  ['DRAIN_TO is fallback', { DRAIN_TO: 'fallback' }, true],
  ['there is no journal', {}, false],
] as const)('a call is sent to its human when %s', async ([, env, hasJournal], context) => {
  const journal = new JournalScene(context).open();
  const parts = hasJournal ? { journal } : {};
  const scene = await ServiceScene.open(context, { env, parts });
  await talk(scene);
  await until('an open journal', () => journal.state.kind === 'open');
  const stopped = scene.service.stop(0);
  await until('the way out', () => scene.log.named('leaving').length > 0);
  const { text } = await post(scene.url, '/twilio/stream-ended?stream=1', inProgress);
  expect(text).toContain(`<Number>${fallback}</Number>`);
  expect(await stopped).toBe(0);
  expect(scene.log.named('callReleased')).toEqual([]);
});

test.concurrent.for([
  ['says goodbye', false],
  ['has said goodbye, and has no stream any more', true],
] as const)('a call that %s ends with its own process', async ([, isStreamLost], context) => {
  const parts = { journal: new JournalScene(context).open() };
  const scene = await ServiceScene.open(context, { model: { script: saysGoodbye }, parts });
  const { stream } = await talk(scene);
  await until('the goodbye', () => scene.log.named('leaving').length > 0);
  if (isStreamLost) {
    stream.socket.terminate();
    await until('the loss', () => scene.log.named('phase').some(({ to }) => to === 'betweenStreams'));
  }
  const stopped = scene.service.stop(0);
  await until('the loss', () => scene.log.named('phase').some(({ to }) => to === 'betweenStreams'));
  const { text } = await post(scene.url, '/twilio/stream-ended?stream=1', inProgress);
  expect(text).toContain('<Response><Hangup/></Response>');
  expect(await stopped).toBe(0);
  expect(scene.log.named('callReleased')).toEqual([]);
});

test.concurrent('a call that is leaving ends before the others are released', async (context) => {
  const journal = new JournalScene(context).open();
  const greets = { turns: [{ steps: [{ say: 'beep' }] }] };
  const script = { ...saysGoodbye, sessions: [{}, greets] };
  const scene = await ServiceScene.open(context, { model: { script }, parts: { journal } });
  await talk(scene);
  await until('the goodbye', () => scene.log.named('leaving').length > 0);
  const other = await talk(scene, `CA${'8'.repeat(32)}`);
  const stopped = scene.service.stop(0);
  await until('the loss', () => scene.log.named('phase').some(({ to }) => to === 'betweenStreams'));
  await post(scene.url, '/twilio/stream-ended?stream=1', inProgress);
  expect(await other.stream.closed()).toBe(1001);
  expect(await stopped).toBe(0);
  const told = scene.log.all.filter(({ msg }) => msg === 'callEnded' || msg === 'callReleased');
  expect(told).toMatchObject([
    { msg: 'callEnded', callSid, reason: 'agentHungUp' },
    { msg: 'callReleased', callSid: `CA${'8'.repeat(32)}` },
  ]);
});

/** A call whose stream is connected. */
async function talk(scene: ServiceScene, ofCall = callSid): Promise<Playing> {
  const { text } = await post(scene.url, '/twilio/voice', callForm({ CallSid: ofCall }));
  const stream = await Playing.connect(scene.url, text, ofCall);
  await until('the greeting', () => stream.marks.length > 0);
  return stream;
}

/** Twilio's end of a stream which plays at once whatever it gets, up to a bound. */
class Playing {
  readonly stream: RawStream;
  readonly marks: string[] = [];
  marksLeft = Infinity;

  static async connect(url: string, twiml: string, ofCall = callSid): Promise<Playing> {
    const playing = new Playing(await RawStream.open(url));
    playing.stream.start(tokenIn(twiml), ofCall);
    return playing;
  }

  private constructor(stream: RawStream) {
    this.stream = stream;
    stream.socket.on('message', (data) => {
      const message = parseJson(frameText(data));
      if (!isJsonObject(message) || message.event !== 'mark' || !isJsonObject(message.mark)) return;
      this.marks.push(String(message.mark.name));
      this.marksLeft -= 1;
      if (this.marksLeft >= 0) stream.send({ event: 'mark', sequenceNumber: '9', streamSid, mark: message.mark });
    });
  }
}
