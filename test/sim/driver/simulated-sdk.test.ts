import { expect, test } from 'vitest';
import { openModelSession } from '../../../src/gemini/live-session.ts';
import type { AgentSetup } from '../../../src/gemini/setup.ts';
import { SimulatedSdk } from '../../../src/sim/driver/simulated-sdk.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { VirtualSocket } from '../../../src/sim/driver/virtual-socket.ts';
import type { CallFact } from '../../../src/call/events.ts';
import { LogLines } from '../../log-lines.ts';
import { generationFields, recordedAgent, wireFixtures } from '../../wire-fixtures.ts';

test('what a session sends in virtual time is what the real SDK wrote', () => {
  const { session, socket, sent } = open(recordedAgent);
  socket.opened();
  socket.received('{"setupComplete":{}}', false);
  session.markActivity('start');
  session.sendAudio(Uint8Array.of(0, 1, 2, 3));
  session.markActivity('end');
  session.sendPicture(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0));
  session.sendText('The call was just answered.');
  session.answerTools([
    { id: 'c1', name: 'lookup_record', response: { result: 'Shipped on Monday.' }, scheduling: 'whenIdle' },
    { id: 'c2', name: 'end_call', response: { result: 'The call ends.' }, scheduling: 'silent' },
  ]);
  expect(sent).toStrictEqual(
    ['setup', 'activity-start', 'audio', 'activity-end', 'picture', 'text', 'tool-response'].map(written),
  );
});

test('an agent without a voice and without tools leaves both to the model', () => {
  const { socket, sent } = open({ ...recordedAgent, voice: null, tools: [] });
  socket.opened();
  expect(JSON.stringify(sent)).not.toMatch(/speechConfig|"tools"/);
});

test('fields of generation stand where the real SDK writes them', () => {
  const extra = { generationConfig: { ...generationFields, enableAffectiveDialog: true } };
  const { socket, sent } = open({ ...recordedAgent, settings: { ...recordedAgent.settings, extra } });
  socket.opened();
  expect(sent).toMatchObject([{ setup: { generationConfig: extra.generationConfig } }]);
  expect(Object.keys(Object(sent[0]).setup).toSorted()).toEqual(Object.keys(Object(written('setup')).setup).toSorted());
});

test('what comes before the answer to the setup is told after model.opened', () => {
  const { socket, facts } = open(recordedAgent);
  socket.opened();
  socket.received('{"serverContent":{"interrupted":true}}', false);
  expect(facts).toEqual([]);
  socket.received('{"setupComplete":{},"goAway":{"timeLeft":"3s"}}', false);
  socket.received('{"serverContent":{"turnComplete":true}}', false);
  expect(facts.map(({ type }) => type)).toEqual([
    'model.opened',
    'model.interrupted',
    'model.goingAway',
    'model.turnCompleted',
  ]);
});

test.for([
  [503, 'model.unreachable', 'resume'],
  [401, 'model.keyRefused', 'none'],
] as const)('a handshake that is refused with %i fails as %s', ([status, fault, remedy]) => {
  const { socket, facts } = open(recordedAgent);
  socket.refused(`Unexpected server response: ${status}`);
  expect(facts).toEqual([{ type: 'model.openFailed', fault, remedy, jitter: 0 }]);
});

const nothing = (): void => {};

function open(agent: AgentSetup) {
  const clock = new VirtualClock(0);
  const sent: object[] = [];
  const socket = new VirtualSocket('connecting', clock, {
    send: nothing,
    ping: nothing,
    close: nothing,
    drop: nothing,
  });
  const facts: CallFact[] = [];
  const session = openModelSession(
    {
      sdk: new SimulatedSdk('wss://model.example', () => (message) => sent.push(message)),
      connect: (_url, _headers, listener) => {
        socket.listen(listener);
        return socket;
      },
      clock,
      randomness: { token: () => '', uniqueId: () => 'id', fraction: () => 0 },
    },
    agent,
    { handle: null, recap: null, after: null },
    (fact) => facts.push(fact),
    new LogLines().logger,
  );
  return { session, socket, sent, facts };
}

function written(name: string): unknown {
  return JSON.parse(wireFixtures('gemini').get(`to-gemini-${name}`) ?? 'null');
}
