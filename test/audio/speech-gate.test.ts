import { describe, expect, test } from 'vitest';
import { type GateNews, SpeechGate } from '../../src/audio/speech-gate.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

describe('a speech gate', () => {
  test.each([
    { what: 'silence', sample: 0, isSpeech: false },
    { what: 'line noise of -50 dBFS', sample: 104, isSpeech: false },
    { what: 'quiet speech of -43 dBFS', sample: 232, isSpeech: true },
    { what: 'a loud voice', sample: 8000, isSpeech: true },
  ])('takes $what for what it is', ({ sample, isSpeech }) => {
    expect(gate().isSpeech(frame(sample))).toBe(isSpeech);
  });

  test('opens when a stretch of sound has lasted 160 ms, and says so once', () => {
    const { news, isOpen } = fed([['sound', 140]]);
    expect([news, isOpen]).toEqual([[], false]);
    expect(fed([['sound', 160]])).toMatchObject({ news: ['began'], isOpen: true });
    expect(fed([['sound', 2000]]).news).toEqual(['began']);
  });

  test('does not open for clicks with pauses between', () => {
    const click = ['sound', 80] as const;
    expect(fed([click, ['quiet', 300], click, ['quiet', 300], click]).news).toEqual([]);
  });

  test('opens for a word that is broken by short pauses', () => {
    expect(
      fed([
        ['sound', 80],
        ['quiet', 280],
        ['sound', 80],
      ]).news,
    ).toEqual(['began']);
  });

  test('stays open in a pause within a sentence and closes after 600 ms, once', () => {
    expect(
      fed([
        ['sound', 400],
        ['quiet', 580],
        ['sound', 20],
        ['quiet', 580],
      ]).news,
    ).toEqual(['began']);
    expect(
      fed([
        ['sound', 400],
        ['quiet', 600],
      ]).news,
    ).toEqual(['began', 'ended']);
    expect(
      fed([
        ['sound', 400],
        ['quiet', 5000],
      ]).news,
    ).toEqual(['began', 'ended']);
  });

  test('opens again for the next sentence', () => {
    const sentence = [
      ['sound', 400],
      ['quiet', 700],
    ] as const;
    expect(fed([...sentence, ...sentence]).news).toEqual(['began', 'ended', 'began', 'ended']);
  });

  test('closes for quiet that nobody sent', () => {
    const muted = gate();
    for (let index = 0; index < 10; index += 1) muted.push(frame(8000), true);
    expect(muted.quiet(599)).toBeNull();
    expect(muted.quiet(1)).toBe('ended');
  });

  test('counts a stretch anew after a restart, and in a pause not at all', () => {
    const restarted = gate();
    for (let index = 0; index < 10; index += 1) restarted.push(frame(8000), true);
    expect(restarted.speechMs).toBe(200);
    restarted.restart();
    expect(restarted.speechMs).toBe(0);
    restarted.push(frame(8000), true);
    expect(restarted.speechMs).toBe(20);
    restarted.quiet(300);
    expect(restarted.speechMs).toBe(0);
  });
});

function gate(): SpeechGate {
  return new SpeechGate(mulawCodec);
}

function frame(sample: number): Uint8Array {
  return new Uint8Array(160).fill(mulawCodec.encode[sample + 32_768] ?? 0);
}

function fed(stretches: readonly (readonly ['sound' | 'quiet', number])[]): { news: GateNews[]; isOpen: boolean } {
  const fresh = gate();
  const news: GateNews[] = [];
  for (const [kind, ms] of stretches) {
    for (let at = 0; at < ms; at += 20) {
      const piece = frame(kind === 'sound' ? 8000 : 0);
      const said = fresh.push(piece, fresh.isSpeech(piece));
      if (said !== null) news.push(said);
    }
  }
  return { news, isOpen: fresh.isOpen };
}
