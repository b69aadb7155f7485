import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { writeWav } from '../../../src/audio/wav.ts';
import { loadCallerClips } from '../../../src/sim/caller/caller-clips.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

const rateHz = 8000;

/** Silence behind the last words, so that the file outlasts the call. */
const restSeconds = 60;

/** What a microphone hears: recorded clips, each from its second on. */
export type SpokenClips = readonly { readonly atSeconds: number; readonly clip: string }[];

/** The sound of the clips, -1 to 1 at 8 kHz. */
export function spokenSamples(clips: SpokenClips): Float32Array {
  const recorded = loadCallerClips();
  const endSeconds = Math.max(0, ...clips.map(({ atSeconds }) => atSeconds)) + restSeconds;
  const samples = new Float32Array(endSeconds * rateHz);
  for (const { atSeconds, clip } of clips) {
    const codes = recorded.get(clip) ?? new Uint8Array();
    samples.set(
      Float32Array.from(codes, (code) => (mulawCodec.decode[code] ?? 0) / 32_768),
      atSeconds * rateHz,
    );
  }
  return samples;
}

/** Writes the clips into a file that a browser takes for its microphone. It is deleted with the test. */
export function microphoneFile({ onTestFinished }: TestContext, clips: SpokenClips): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-microphone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'microphone.wav');
  const samples = Int16Array.from(spokenSamples(clips), (sample) => Math.round(sample * 32_767));
  writeFileSync(path, writeWav({ sampleRateHz: rateHz, channels: 1, samples }));
  return `${path}%noloop`;
}
