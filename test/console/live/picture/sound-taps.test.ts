import { expect, test } from 'vitest';
import { type SoundTap, SoundTaps } from '../../../../src/console/live/picture/sound-taps.ts';

class Hearing implements SoundTap {
  readonly heard: string[] = [];

  caller(audio: Uint8Array): void {
    this.heard.push(`caller ${audio.join(' ')}`);
  }

  agent(audio: Uint8Array): void {
    this.heard.push(`agent ${audio.length}, from ${audio[0]}`);
  }

  cleared(): void {
    this.heard.push('cleared');
  }

  close(): void {
    this.heard.push('closed');
  }
}

/** A hundred milliseconds of sound. */
function piece(code: number): Uint8Array {
  return new Uint8Array(800).fill(code);
}

test('whoever begins to listen in the middle of a reply hears the rest of it', () => {
  const taps = new SoundTaps();
  taps.agent(piece(1), 1_000);
  taps.agent(piece(2), 1_000);
  taps.agent(piece(3), 1_010);
  const hearing = new Hearing();
  const end = taps.add(hearing, 1_150);
  taps.caller(new Uint8Array([7, 8]));
  taps.cleared();
  end();
  taps.caller(new Uint8Array([9]));
  expect(hearing.heard).toEqual(['agent 400, from 2', 'agent 800, from 3', 'caller 7 8', 'cleared']);
});

test('what was heard or cleared is not heard again', () => {
  const taps = new SoundTaps();
  taps.agent(piece(1), 1_000);
  taps.agent(piece(2), 2_000);
  const first = new Hearing();
  taps.add(first, 2_050);
  taps.cleared();
  const second = new Hearing();
  taps.add(second, 2_060);
  expect([first.heard, second.heard]).toEqual([['agent 400, from 2', 'cleared'], []]);
});

test('what is on its way has a bound', () => {
  const taps = new SoundTaps();
  for (let number = 0; number < 2_000; number += 1) taps.agent(piece(number % 256), 0);
  const hearing = new Hearing();
  taps.add(hearing, 0);
  expect(hearing.heard).toHaveLength(500);
});
