import { AgentDownsampler } from '../../../src/audio/resample-down.ts';
import { CallerUpsampler } from '../../../src/audio/resample-up.ts';
import { decodeBase64 } from '../../../src/encoding/base64.ts';
import { isJsonObject, parseJson } from '../../../src/encoding/json.ts';
import { modelFacts } from '../../../src/gemini/messages.ts';
import { ModelBudget } from '../../../src/gemini/model-budget.ts';
import { audioMessage } from '../../../src/gemini/setup.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { markMessage, mediaMessage, parseTwilioFrame } from '../../../src/twilio/stream-messages.ts';
import { framePayload, pieceMessage } from '../ends/marked-sound.ts';
import { FrameCall } from './frame-call.ts';
import { costUs } from './frame-cost.ts';
import type { FrameSockets } from './frame-sockets.ts';

const streamSid = `MZ${'1'.repeat(32)}`;
const mark = 'g12:345';

/** The piece of the model that is measured, and how often one comes while the agent speaks half of the time. */
const pieceMs = 60;
const piecesPerSecond = 500 / pieceMs;
const framesPerSecond = 50;

/** A turn has so many pieces. */
const piecesPerTurn = 40;

/** One part of the way of a message. */
export interface FramePart {
  readonly way: string;
  readonly part: string;
  /** CPU for each message, in microseconds. */
  readonly us: number;
  /** How many such messages there are in each second of a call. */
  readonly perSecond: number;
}

/** What a frame of the caller costs on its way to the model, and a piece of the agent on its way to the caller. */
export async function frameParts(sockets: FrameSockets): Promise<readonly FramePart[]> {
  const up = { way: `up, ${1_000 / framesPerSecond} ms`, perSecond: framesPerSecond };
  const down = { way: `down, ${pieceMs} ms`, perSecond: piecesPerSecond };
  const [frame, piece] = [frameText(), pieceMessage(pieceMs, 7)];
  const [codes, pcm24k] = [bytesIn(frame, 'payload'), bytesIn(piece, 'data')];
  const upsampler = new CallerUpsampler(mulawCodec);
  const downsampler = new AgentDownsampler(mulawCodec);
  const pcm16k = upsampler.push(codes);
  const mulaw = downsampler.push(pcm24k);
  const [filterUpUs, filterDownUs] = [costUs(() => upsampler.push(codes)), costUs(() => downsampler.push(pcm24k))];
  return [
    { ...up, part: 'read the message', us: await sockets.readUs('phones', frame) },
    { ...up, part: 'JSON and base64, in', us: costUs(() => parseTwilioFrame(frame, streamSid)) },
    { ...up, part: 'mu-law and filter', us: filterUpUs },
    { ...up, part: 'rules of the call', us: callUpUs(codes) - filterUpUs },
    { ...up, part: 'base64 and JSON, out', us: costUs(() => audioMessage(pcm16k)) },
    { ...up, part: 'send the message', us: await sockets.sendUs('models', audioMessage(pcm16k)) },
    { ...down, part: 'read the message', us: await sockets.readUs('models', piece) },
    { ...down, part: 'budget, JSON and base64, in', us: pieceInUs(piece) },
    { ...down, part: 'filter and mu-law', us: filterDownUs },
    { ...down, part: 'rules of the call', us: callDownUs(pcm24k) - filterDownUs },
    {
      ...down,
      part: 'base64 and JSON, out, with the mark',
      us: costUs(() => [mediaMessage(streamSid, mulaw), markMessage(streamSid, mark)]),
    },
    {
      ...down,
      part: 'send the message and the mark',
      us: await sockets.sendUs('phones', mediaMessage(streamSid, mulaw), markMessage(streamSid, mark)),
    },
    { ...down, part: 'read the mark', us: await sockets.readUs('phones', markFrame()) },
  ];
}

function callUpUs(audio: Uint8Array): number {
  const call = new FrameCall();
  call.happens({ type: 'model.audio', pcm: bytesIn(pieceMessage(pieceMs, 7), 'data') }, 0);
  call.hearsTurn();
  return costUs((count) =>
    call.happens({ type: 'stream.media', sequence: count + 2, timestampMs: 20 * count, audio }, 20),
  );
}

function callDownUs(pcm: Uint8Array): number {
  const call = new FrameCall();
  return costUs((count) => {
    call.happens({ type: 'model.audio', pcm }, pieceMs);
    if (count % piecesPerTurn === piecesPerTurn - 1) call.hearsTurn();
  });
}

/** Budgets fill with the time that passes, and each message of the measurement comes without any. */
function pieceInUs(piece: string): number {
  let budget = new ModelBudget(systemClock);
  return costUs((count) => {
    if (count % 100 === 0) budget = new ModelBudget(systemClock);
    budget.weigh(piece);
    const message = parseJson(piece);
    if (isJsonObject(message)) budget.count(message);
    return modelFacts(message);
  });
}

function frameText(): string {
  const media = { track: 'inbound', chunk: '1234', timestamp: '24680', payload: framePayload(7, true) };
  return JSON.stringify({ event: 'media', sequenceNumber: '1235', media, streamSid });
}

function markFrame(): string {
  return JSON.stringify({ event: 'mark', sequenceNumber: '1236', streamSid, mark: { name: mark } });
}

function bytesIn(message: string, name: string): Uint8Array {
  return decodeBase64(new RegExp(`"${name}":"([^"]*)"`).exec(message)?.[1] ?? '') ?? new Uint8Array();
}
