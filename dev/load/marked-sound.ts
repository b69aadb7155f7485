import { encodeBase64 } from '../../src/encoding/base64.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

/**
 * Sound that says which message it came with and costs next to nothing to read: each message holds one soft constant, in turn. A constant
 * passes every filter unchanged, but for the first 4 ms, where the one before fades.
 */
const markCodes = Array.from({ length: 64 }, (_, at) => 0xfe - at);

/** Where a message is read: behind the fading. */
const readAtMs = 10;

const markOfCode = new Map(markCodes.map((code, mark) => [code, mark]));
const markOfSample = new Map(markCodes.map((code, mark) => [mulawCodec.decode[code] ?? 0, mark]));

/** How long one message of the model may be, in ms: as it sends them one after the other, and in bursts. */
export const chunkLengthsMs = [40, 60, 80, 100, 200, 240];

export const marks = markCodes.length;

/** A caller's frame of 20 ms with this mark: mu-law in base64. */
export const framePayloads = markCodes.map((code) => encodeBase64(new Uint8Array(160).fill(code)));

const chunkMessages = new Map(
  chunkLengthsMs.map((lengthMs) => [
    lengthMs,
    markCodes.map((code) => {
      const pcm = new Int16Array(24 * lengthMs).fill(mulawCodec.decode[code] ?? 0);
      const data = encodeBase64(new Uint8Array(pcm.buffer));
      return JSON.stringify({
        serverContent: { modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }] } },
      });
    }),
  ]),
);

/** A message of the model with so much sound of this mark. */
export function chunkMessage(lengthMs: number, mark: number): string {
  return chunkMessages.get(lengthMs)?.[mark % marks] ?? '';
}

/** The text behind the first `"name":"` up to the next quotation mark; null where there is none. */
export function textMember(json: string, name: string): string | null {
  const before = `"${name}":"`;
  const from = json.indexOf(before);
  if (from < 0) return null;
  const to = json.indexOf('"', from + before.length);
  return to < 0 ? null : json.slice(from + before.length, to);
}

/** The mark of mu-law in base64 that was sent to a caller; null for other sound. */
export function markOfMulaw(base64: string): number | null {
  const byte = Math.min(8 * readAtMs, Math.floor(bytesOf(base64) / 2));
  return markOfCode.get(byteAt(base64, byte)) ?? null;
}

/** The marks of 16 kHz PCM16 in base64 that was sent to a model, one for each 20 ms in it; null for other sound, such as silence. */
export function marksOfPcm(base64: string): (number | null)[] {
  const frames = Math.max(1, Math.floor(bytesOf(base64) / 640));
  return Array.from({ length: frames }, (_, frame) => {
    const at = 640 * frame + 32 * readAtMs;
    const sample = ((byteAt(base64, at + 1) << 24) >> 16) | byteAt(base64, at);
    return markOfSample.get(sample) ?? null;
  });
}

/** How many bytes a text in base64 stands for. */
export function bytesOf(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
}

function byteAt(base64: string, at: number): number {
  const group = Math.floor(at / 3);
  return Buffer.from(base64.slice(4 * group, 4 * group + 4), 'base64')[at - 3 * group] ?? 0;
}
