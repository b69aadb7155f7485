import { expect, test } from 'vitest';
import type { CallerFrame } from '../../../src/call/caller/speech-backlog.ts';
import { Reaction } from '../../../src/call/reaction.ts';
import { TurnWindow } from '../../../src/call/turns/turn-window.ts';

const frame: CallerFrame = { audio: new Uint8Array(160), isSpeech: true, wasForwarded: false };

test('twelve seconds of the caller are kept while it is not decided whether they are a turn', () => {
  const window = new TurnWindow(new Reaction());
  for (let ms = 0; ms < 13_000; ms += 20) window.keep(frame);
  expect([window.keptSpeechMs, window.waitingBytes, window.letGoBytes]).toEqual([12_000, 8 * 12_000, 8 * 1_000]);
});
