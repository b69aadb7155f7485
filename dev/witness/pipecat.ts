import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isJsonObject } from '../../src/encoding/json.ts';
import type { CallReport } from '../../src/sim/carrier/call-report.ts';
import { placeCall } from '../../src/sim/carrier/hosts/phone.ts';
import { loadCallerClips } from '../../src/sim/caller/caller-clips.ts';
import type { CallerScriptInput } from '../../src/sim/caller/caller-script.ts';
import type { SocketSession } from '../../src/sim/model/hosts/model-session.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import type { WitnessModel } from './witness-model.ts';
import { openWitnessModel } from './witness-model.ts';
import { sessionMet } from './witness.ts';
import type { Witness } from './witness.ts';

const folder = fileURLToPath(new URL('pipecat/', import.meta.url));
const callCommand = fileURLToPath(new URL('../../src/cli/call.ts', import.meta.url));
const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** Pipecat loads half a minute of Python on a busy machine. */
const startMsMax = 120_000;

const lookUp = { call: { name: 'look_up', args: { query: 'A1042' }, answered: [{ say: 'order-status' }] } };

const script: ScriptInput = {
  setupMs: 50,
  latencyMs: 300,
  speed: 8,
  turns: [
    { steps: [{ say: 'greeting' }] },
    { heard: 'The number I have is A one zero four two.', steps: [lookUp] },
    // Pipecat does not leave before the end that is announced; it comes back when that has come.
    { heard: 'Something is terribly wrong!', steps: [{ say: 'sorry-repeat' }, { goAway: { timeLeftMs: 4_000 } }] },
    { heard: 'Calling to reach an operator.', steps: [{ say: 'goodbye' }] },
  ],
};

const caller: CallerScriptInput = {
  steps: [
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 600 },
    { say: 'order-number' },
    { waitFor: 'agentSpeaking' },
    { pauseMs: 1_500 },
    { say: 'interrupting' },
    { waitFor: 'agentQuiet', ms: 200 },
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 600 },
    // Longer than the announced end and the way to the next session.
    { pauseMs: 12_000 },
    { say: 'ask-for-person' },
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 600 },
    { hangUp: true },
  ],
};

/** Pipecat's serializer for Twilio and its service for Gemini Live: a whole bridge, between our carrier and our model. */
export const pipecat: Witness = {
  name: 'pipecat',
  folder,
  async hold(python) {
    const model = await openWitnessModel(script);
    const bridge = startBridge(python, model);
    try {
      const origin = `http://127.0.0.1:${await bridge.port}`;
      const call = await talk(origin);
      const [first, second] = model.server.sessions;
      const exitCode = await callByCommand(`${origin}/voice`, model.folder);
      const notes = call.timeline.map(({ kind }) => kind);
      return {
        welcome: call.timeline.flatMap((note) => (note.kind === 'verb.say' ? [note.text] : [])),
        problems: call.timeline.flatMap((note) => (note.kind === 'problem' ? [`${note.code} ${note.detail}`] : [])),
        gaveUp: notes.filter((kind) => kind === 'caller.gaveUpWaiting').length,
        interrupted: notes.includes('stream.cleared'),
        said: (second?.report().history ?? []).map(({ by, text }) => `${by}: ${text.trim()}`),
        answered: first === undefined ? [] : toolAnswers(first),
        ended: call.endReason,
        sessions: [first, second].map((session) => session && sessionMet(session)),
        callCommand: exitCode,
      };
    } finally {
      await bridge.stop();
      await model.close();
    }
  },
  expected: {
    welcome: ['Please wait while we connect you.'],
    problems: [],
    gaveUp: 0,
    interrupted: true,
    said: [
      'client: Greet the caller.',
      'client: ',
      'model: Hello, this is Parley, the order desk. How can I help you?',
      'caller: The number I have is A one zero four two.',
      'model: Order A one zero four two was shipped on Monday. It left our warehouse in the morning, and it should reach you on Wednesday before noon. You do not need to be at home, because the driver may leave it with a neighbour.',
      'caller: Something is terribly wrong!',
      'model: Sorry, could you please repeat that?',
      'caller: Calling to reach an operator.',
      'model: Thank you for calling. Goodbye.',
    ],
    answered: [{ result: 'Shipped on Monday.' }],
    ended: 'callerHungUp',
    sessions: [
      {
        apiVersion: 'v1beta',
        resumes: null,
        ended: '1011 Deadline expired before operation could complete.',
        violations: [],
      },
      // Pipecat answers the calls in its memory once more, after every reconnect.
      {
        apiVersion: 'v1beta',
        resumes: 1,
        ended: 'client',
        violations: ['GM-TOOL-8: function-call-1 is a call of session 1'],
      },
    ],
    callCommand: 0,
  },
};

/** Starts the bridge in a process of its own; `port` rejects with what it said when it does not listen in time. */
function startBridge(python: string, { env, server }: WitnessModel) {
  const child = spawn(python, [join(folder, 'bridge.py'), server.url], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const timer = setTimeout(() => child.kill('SIGKILL'), startMsMax);
  const port = lines.next().then(({ value, done }) => {
    clearTimeout(timer);
    if (done === true) throw new Error(`The bridge did not start: ${said}`);
    return value;
  });
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function talk(origin: string): Promise<CallReport> {
  return placeCall({
    publicUrl: `${origin}/voice`,
    target: origin,
    accountSid: `AC${'0'.repeat(32)}`,
    from: '+12025550123',
    to: '+12025550199',
    script: caller,
    clips: loadCallerClips(),
    codec: mulawCodec,
    seed: 1,
  }).ended;
}

/** `npm run call`, as anybody would try a bridge. Returns the exit code. */
async function callByCommand(url: string, cwd: string): Promise<number | null> {
  const audio = join(fixtures, 'audio/caller/order-number.wav');
  const child = spawn(process.execPath, [callCommand, '--audio', audio, '--url', url], {
    cwd,
    env: {},
    stdio: 'ignore',
  });
  await once(child, 'close');
  return child.exitCode;
}

function toolAnswers({ timeline }: SocketSession): unknown[] {
  return timeline.flatMap(({ from, message }) => {
    const answer = from === 'client' && isJsonObject(message) ? message.tool_response : null;
    const responses = isJsonObject(answer) ? answer.functionResponses : null;
    return Array.isArray(responses)
      ? responses.map((each: unknown) => (isJsonObject(each) ? each.response : each))
      : [];
  });
}
