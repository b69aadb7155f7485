import { describe, expect, test } from 'vitest';
import { Base64Text } from '../../../dev/load/ends/base64-text.ts';
import {
  frameNumbers,
  framePayload,
  framesIn,
  pieceLengthsMs,
  pieceMessage,
  pieceNumbers,
  piecesIn,
} from '../../../dev/load/ends/marked-sound.ts';
import { AgentDownsampler } from '../../../src/audio/resample-down.ts';
import { CallerUpsampler } from '../../../src/audio/resample-up.ts';
import { SpeechGate } from '../../../src/audio/speech-gate.ts';
import { decodeBase64, encodeBase64 } from '../../../src/encoding/base64.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

describe('a frame of the caller', () => {
  const frames = Array.from({ length: frameNumbers }, (_, number) => number);

  test.each([true, false])('is known by its number behind the filter (speaking: %s)', (isSpeaking) => {
    const upsampler = new CallerUpsampler(mulawCodec);
    const numbers = frames.map((frame) => framesIn(textOf(upsampler.push(frameBytes(frame, isSpeaking)))));
    expect(numbers).toEqual(frames.map((frame) => [frame]));
  });

  test('is known where two of them come joined', () => {
    const upsampler = new CallerUpsampler(mulawCodec);
    const joined = [7, 8].map((frame) => upsampler.push(frameBytes(frame, true)));
    expect(framesIn(textOf(Buffer.concat(joined)))).toEqual([7, 8]);
  });

  test('is known where a bridge doubles each sample', () => {
    const samples = [...frameBytes(321, false)].flatMap((code) =>
      [code, code].map((one) => mulawCodec.decode[one] ?? 0),
    );
    expect(framesIn(textOf(new Uint8Array(Int16Array.from(samples).buffer)))).toEqual([321]);
  });

  test('is speech when the caller speaks, and else it is not', () => {
    const gate = new SpeechGate(mulawCodec);
    const isSpeech = (isSpeaking: boolean): boolean[] => [
      ...new Set(frames.map((frame) => gate.isSpeech(frameBytes(frame, isSpeaking)))),
    ];
    expect([isSpeech(true), isSpeech(false)]).toEqual([[true], [false]]);
  });

  test('is told from silence', () => {
    expect(framesIn(textOf(new Uint8Array(640)))).toEqual([null]);
  });
});

describe('a piece of the agent', () => {
  const lengthsMs = Array.from({ length: pieceNumbers }, (_, at) => pieceLengthsMs[at % pieceLengthsMs.length] ?? 0);

  test('is known by its number behind the filter', () => {
    const downsampler = new AgentDownsampler(mulawCodec);
    const numbers = lengthsMs.map((ms, number) => piecesIn(textOf(downsampler.push(pieceBytesOf(ms, number)))));
    expect(numbers).toEqual(lengthsMs.map((_, number) => [number]));
  });

  test('is known where several come joined', () => {
    const downsampler = new AgentDownsampler(mulawCodec);
    const joined = Buffer.concat(lengthsMs.map((ms, number) => downsampler.push(pieceBytesOf(ms, number))));
    expect(piecesIn(textOf(joined))).toEqual(lengthsMs.map((_, number) => number));
  });
});

describe('base64 in a message', () => {
  test('is read byte by byte, whatever its padding', () => {
    for (const length of [1, 2, 3, 4, 255]) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 37) % 256);
      const text = textOf(bytes);
      expect(text.length).toBe(length);
      expect(bytes.map((_, at) => text.byteAt(at))).toEqual(bytes);
      expect(text.byteAt(length)).toBe(0);
    }
  });

  test('is not found where no such member is', () => {
    expect(Base64Text.inMember(Buffer.from('{"event":"mark"}'), 'payload')).toBeNull();
  });
});

function frameBytes(number: number, isSpeaking: boolean): Uint8Array {
  return decodeBase64(framePayload(number, isSpeaking)) ?? new Uint8Array();
}

function pieceBytesOf(lengthMs: number, number: number): Uint8Array {
  const data = /"data":"([^"]*)"/.exec(pieceMessage(lengthMs, number))?.[1] ?? '';
  return decodeBase64(data) ?? new Uint8Array();
}

/** As it would stand in a message. */
function textOf(bytes: Uint8Array): Base64Text {
  const text = Base64Text.inMember(Buffer.from(`{"a":1,"data":"${encodeBase64(bytes)}","b":2}`), 'data');
  if (text === null) throw new Error('There is no such member.');
  return text;
}
