/**
 * Makes the clips of `fixtures/audio/voices` from Debian packages. They are committed, so this runs only when one is added:
 *
 *   apt-get download asterisk-core-sounds-{en,es,fr,it,ru}-wav pocketsphinx-testdata
 *   for deb in *.deb; do dpkg -x $deb unpacked; done
 *   npx node dev/voice/material/make-voices.ts unpacked
 *
 * A clip is the whole recording, at the level that it has: brought to 8 kHz where it is 16, and encoded as mu-law.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePcm16 } from '../../../src/audio/mulaw.ts';
import { roundToPcm16 } from '../../../src/audio/pcm16.ts';
import { tapUnity, upTaps } from '../../../src/audio/taps.ts';
import { readWav } from '../../../src/audio/wav.ts';
import { codec } from '../../audio/codec.ts';
import { mulawWav } from './mulaw-wav.ts';
import { prompts } from './prompts.ts';
import { readVoices, type RecordedVoice, voiceFolder } from './voices.ts';

/** What the raw files of the packages are: they have no header. */
const rawSampleRateHz = 16_000;

function main([unpacked]: readonly string[]): void {
  if (unpacked === undefined) throw new Error('Usage: npx node dev/voice/material/make-voices.ts <unpacked packages>');
  const sums: string[] = [];
  for (const voice of readVoices()) {
    mkdirSync(voiceFolder(voice), { recursive: true });
    for (const file of filesOf(voice)) {
      const wav = mulawWav(encodePcm16(readPcm(join(unpacked, voice.folder, file)), codec));
      const name = nameOf(file);
      writeFileSync(new URL(`${name}.wav`, voiceFolder(voice)), wav);
      const sum = createHash('sha256').update(wav).digest('hex');
      if (voice.half === 'held-out') sums.push(`${sum}  held-out/${voice.voice}/${name}.wav`);
    }
  }
  writeFileSync(new URL('../../../fixtures/audio/voices/held-out.sha256', import.meta.url), `${sums.join('\n')}\n`);
}

function filesOf({ clips, half }: RecordedVoice): readonly string[] {
  return (clips === 'prompts' ? prompts[half].map((name) => `${name}.wav`) : clips).toSorted((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : 1,
  );
}

function nameOf(file: string): string {
  return file
    .replace(/\.\w+$/, '')
    .replaceAll('/', '-')
    .replace('sense_and_sensibility_01_austen_64kb-', '');
}

/** PCM16 at 8 kHz. */
function readPcm(path: string): Uint8Array {
  const bytes = readFileSync(path);
  const { data, sampleRateHz } = path.endsWith('.raw')
    ? { data: bytes, sampleRateHz: rawSampleRateHz }
    : readWav(bytes);
  return sampleRateHz === 8000 ? data : halved(data);
}

/** Half the sampling rate, through the half-band filter of the audio path. */
function halved(pcm: Uint8Array): Uint8Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const length = Math.floor(pcm.length / 2);
  const sampleAt = (index: number): number => (index < 0 || index >= length ? 0 : view.getInt16(2 * index, true));
  const samples = Int16Array.from({ length: Math.floor(length / 2) }, (_, index) => {
    let sum = sampleAt(2 * index) * tapUnity;
    for (const [pair, tap] of upTaps.entries()) {
      const distance = 2 * pair + 1;
      sum += tap * (sampleAt(2 * index - distance) + sampleAt(2 * index + distance));
    }
    // The taps are those of an interpolation, whose gain is two.
    return roundToPcm16(sum / (2 * tapUnity));
  });
  return new Uint8Array(samples.buffer);
}

main(process.argv.slice(2));
