import { encodeBase64 } from '../../../src/encoding/base64.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import type { Base64Text } from './base64-text.ts';
import { type WireBytes, wireBytes } from './wire-frames.ts';

/**
 * Sound that says which message it came with and costs next to nothing to read: two constants, one after the other. A constant passes every
 * filter unchanged, but for 7 ms, in which the one before fades.
 */
interface MarkCodes {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** mu-law codes from here on downwards, of both signs: the lower, the louder. */
const codesBelow = (code: number): number[] =>
  [code, code - 0x80].flatMap((top) => Array.from({ length: 16 }, (_, at) => top - at));

/** Below −46 dBFS, which nobody takes for speech; and between −38 and −31 dBFS. */
const quietCodes = codesBelow(0xfe);
const loudCodes = codesBelow(0xdf);

const silentCaller: MarkCodes = { first: quietCodes, second: quietCodes };
const speakingCaller: MarkCodes = { first: loudCodes, second: loudCodes };
/** Told apart, because pieces of the agent's sound may come joined. */
const agent: MarkCodes = { first: loudCodes.slice(0, 16), second: loudCodes.slice(16) };

/** A caller's frame lasts so long, as Twilio sends them (TW-STREAM-4). A number is read again after 20 s, and that of a piece after 12 s. */
export const markedFrameMs = 20;
export const frameNumbers = countOf(silentCaller);
export const pieceNumbers = countOf(agent);

/** How long one piece of the agent's sound may be, in ms: as a model sends them one after the other, and in bursts. */
export const pieceLengthsMs = [40, 60, 80, 100, 200, 240];

/** The first half of a frame holds its first constant, and the first 20 ms of a piece. Each is read where nothing fades any more. */
const frameReadAtMs = [8.5, 18.5] as const;
const pieceReadAtMs = 10;

const framePayloads = {
  silent: payloadsOf(silentCaller),
  speaking: payloadsOf(speakingCaller),
};

/** The sound of a caller's frame with this number: mu-law in base64. */
export function framePayload(number: number, isSpeaking: boolean): string {
  return framePayloads[isSpeaking ? 'speaking' : 'silent'][number % frameNumbers] ?? '';
}

function payloadsOf(codes: MarkCodes): string[] {
  return Array.from({ length: countOf(codes) }, (_, number) => {
    const [first, second] = codesOf(codes, number);
    return encodeBase64(new Uint8Array(8 * markedFrameMs).fill(first).fill(second, 4 * markedFrameMs));
  });
}

const pieces = new Map(
  pieceLengthsMs.map((lengthMs) => [
    lengthMs,
    Array.from({ length: pieceNumbers }, (_, number) => wireBytes(pieceMessage(lengthMs, number), false)),
  ]),
);

/** A message of the model with a piece of sound, as it goes over the wire. */
export function pieceBytes(lengthMs: number, number: number): WireBytes {
  return pieces.get(lengthMs)?.[number % pieceNumbers] ?? '';
}

/** The same as its text. */
export function pieceMessage(lengthMs: number, number: number): string {
  const [first, second] = codesOf(agent, number);
  const pcm = new Int16Array(24 * lengthMs).fill(sampleOf(first)).fill(sampleOf(second), 24 * markedFrameMs);
  const data = encodeBase64(new Uint8Array(pcm.buffer));
  return JSON.stringify({
    serverContent: { modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }] } },
  });
}

const readsFrame = new Map(
  [silentCaller, speakingCaller].flatMap((codes) => [...numbersBy(codes, (code) => sampleOf(code))]),
);
const readsPiece = numbersBy(agent, (code) => code);

/** The numbers of the frames in 16 kHz PCM16 that was sent to a model, one for each 20 ms; null for other sound, such as silence. */
export function framesIn(pcm: Base64Text): (number | null)[] {
  const [first, second] = frameReadAtMs;
  return Array.from({ length: Math.floor(pcm.length / (32 * markedFrameMs)) }, (_, frame) => {
    const at = frame * 16 * markedFrameMs;
    return readsFrame.get(keyOf(pcm.sampleAt(at + 16 * first), pcm.sampleAt(at + 16 * second))) ?? null;
  });
}

/** The numbers of the pieces that begin in mu-law sound that was sent to a caller. */
export function piecesIn(mulaw: Base64Text): number[] {
  const numbers: number[] = [];
  for (let at = 8 * pieceReadAtMs; at < mulaw.length; at += 8 * markedFrameMs) {
    const number = readsPiece.get(keyOf(mulaw.byteAt(at), mulaw.byteAt(at + 8 * markedFrameMs)));
    if (number !== undefined) numbers.push(number);
  }
  return numbers;
}

function countOf({ first, second }: MarkCodes): number {
  return first.length * second.length;
}

function codesOf({ first, second }: MarkCodes, number: number): [first: number, second: number] {
  const place = number % (first.length * second.length);
  return [first[Math.floor(place / second.length)] ?? 0, second[place % second.length] ?? 0];
}

function numbersBy(codes: MarkCodes, valueOf: (code: number) => number): Map<number, number> {
  return new Map(
    Array.from({ length: countOf(codes) }, (_, number) => {
      const [first, second] = codesOf(codes, number);
      return [keyOf(valueOf(first), valueOf(second)), number];
    }),
  );
}

function keyOf(first: number, second: number): number {
  return first * 0x10000 + second;
}

function sampleOf(code: number): number {
  return mulawCodec.decode[code] ?? 0;
}
