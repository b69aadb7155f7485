import { inspect } from 'node:util';
import fc from 'fast-check';
import { authToken, environment, publicUrl } from '../../../test/e2e/service-scene.ts';
import { LogLines } from '../../../test/log-lines.ts';
import { callForm, post, RawStream, streamSid, tokenIn } from '../../../test/twilio/twilio-client.ts';
import { exchange, formText, sign, webhook, type WireRequest } from '../../../test/twilio/signing/wire-request.ts';
import { until } from '../../../test/until.ts';
import { encodeBase64 } from '../../../src/encoding/base64.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { startService } from '../../../src/service/start-service.ts';
import { paths } from '../../../src/twilio/paths.ts';
import { treeOf } from '../json-tree.ts';
import { draft, draftText } from '../mutation.ts';
import { receivedMessages, recordedStreamSid } from '../true-messages.ts';
import { PlainModel } from './plain-model.ts';

/** Inputs for each call; then it is hung up, and the call beside is looked at. */
const roundInputs = 24;

const agentChunk = {
  inlineData: { mimeType: 'audio/pcm;rate=24000', data: encodeBase64(new Uint8Array(960).fill(90)) },
};
const agentSpeech = JSON.stringify({ serverContent: { modelTurn: { parts: [agentChunk] } } });

/** What came of inputs over real sockets. `finding`: what must not come of any, or null. */
export interface SocketOutcome {
  readonly inputs: number;
  readonly finding: string | null;
}

/**
 * Sends mutated messages over real sockets, through the real server and the real SDK: on a call's media stream, in its model session, and
 * as webhooks. A call beside must hear its model after each round, and nothing may be thrown where nobody catches it.
 */
export async function fuzzSockets(inputsWanted: number, seed: number): Promise<SocketOutcome> {
  const thrown: unknown[] = [];
  const onThrown = (error: unknown): void => void thrown.push(error);
  process.on('uncaughtException', onThrown);
  process.on('unhandledRejection', onThrown);
  const model = await PlainModel.open();
  const log = new LogLines();
  const service = await startService(
    loadConfig({ ...environment(model.url), MAX_CONCURRENT_CALLS: '20', MAX_EVENT_LOOP_DELAY_MS: 'off' }),
    {
      tools: new Map(),
      log: log.logger,
    },
  );
  const url = `http://127.0.0.1:${service.port}`;
  try {
    const beside = await openCall(url, model, sidOf(0));
    for (let round = 1; (round - 1) * roundInputs < inputsWanted; round += 1) {
      const callSid = sidOf(round);
      const stream = await openCall(url, model, callSid);
      await sendAll(drawn(seed + round), { stream, model, port: service.port });
      await post(url, paths.status, callForm({ CallSid: callSid, CallStatus: 'completed' }));
      const heard = beside.received.length;
      model.says(agentSpeech, 0);
      await until('the call beside hears its model', () => beside.received.length > heard);
      const [broken] = /.*"level":"error".*/.exec(log.text) ?? thrown;
      if (broken !== undefined) return { inputs: round * roundInputs, finding: inspect(broken) };
    }
    await post(url, paths.status, callForm({ CallSid: sidOf(0), CallStatus: 'completed' }));
  } finally {
    await service.stop(0);
    model.close();
    process.off('uncaughtException', onThrown);
    process.off('unhandledRejection', onThrown);
  }
  return { inputs: Math.ceil(inputsWanted / roundInputs) * roundInputs, finding: null };
}

/** One input: where it goes, and its text. */
interface SocketInput {
  readonly to: 'stream' | 'model' | 'server';
  readonly text: string;
}

interface Ends {
  readonly stream: RawStream;
  readonly model: PlainModel;
  readonly port: number;
}

async function sendAll(inputs: readonly SocketInput[], { stream, model, port }: Ends): Promise<void> {
  for (const [at, { to, text }] of inputs.entries()) {
    const message = at % 7 === 6 ? Buffer.from(text) : text;
    if (to === 'stream') stream.send(message);
    else if (to === 'model') model.says(message);
    else await exchange(port, requestOf(text, at));
  }
}

/** True messages by where they go. */
const bases = {
  stream: treesOf(receivedMessages('twilio').map((text) => text.replaceAll(recordedStreamSid, streamSid))),
  model: treesOf(receivedMessages('gemini')),
  server: treesOf(Object.keys(paths).map((path) => JSON.stringify(callForm({ CallStatus: 'in-progress', path })))),
};

/** The same inputs for the same seed. */
function drawn(seed: number): SocketInput[] {
  const ends = ['stream', 'model', 'server'] as const;
  return fc.sample(draft, { seed, numRuns: roundInputs }).map((each, at) => {
    const to = ends[at % ends.length] ?? 'stream';
    return { to, text: draftText(bases[to], each) };
  });
}

function treesOf(texts: readonly string[]): ReturnType<typeof treeOf>[] {
  return texts.map((text) => treeOf(JSON.parse(text)));
}

/** A webhook whose body is the input itself, or a form that is signed; every third comes with a signature of other bytes. */
function requestOf(text: string, at: number): WireRequest {
  const usual = webhook(Object.values(paths)[at % Object.keys(paths).length] ?? paths.voice, []);
  if (at % 3 === 0) return { ...usual, body: text };
  const fields = [
    ['CallSid', text],
    ['CallStatus', 'in-progress'],
  ] as const;
  const signatures =
    at % 3 === 1 ? [sign(publicUrl + usual.target, fields, authToken)] : [text.replaceAll(/[^ -~]/g, '')];
  return { ...usual, signatures, body: formText(fields.map(([name, value]) => [name, value.toWellFormed()])) };
}

/** Takes a call up to its stream and its model session. */
async function openCall(url: string, model: PlainModel, callSid: string): Promise<RawStream> {
  const sessions = model.sessionCount;
  const { text } = await post(url, paths.voice, callForm({ CallSid: callSid }));
  const stream = await RawStream.open(url);
  stream.start(tokenIn(text), callSid);
  await until('the session is set up', () => model.sessionCount > sessions);
  return stream;
}

function sidOf(round: number): string {
  return `CA${round.toString(16).padStart(32, '0')}`;
}
