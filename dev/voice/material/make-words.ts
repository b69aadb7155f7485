/**
 * Makes the clips of `fixtures/audio/words` from Debian packages. They are committed, so this runs only when one is added:
 *
 *   apt-get install sox libsox-fmt-base espeak-ng
 *   apt-get download hedgewars-data fillets-ng-data-cs asterisk-core-sounds-{en,es,fr,it,ru}-wav
 *   for deb in *.deb; do dpkg -x $deb unpacked; done
 *   npx node dev/voice/material/make-words.ts unpacked
 *
 * A clip begins 200 ms before the word and ends 200 ms after it, or where the recording does.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWav } from '../../../src/audio/wav.ts';
import { encoded } from '../lines/encoded.ts';
import { speechSpan } from '../sounds/level.ts';
import { addAt, fractionsOf, samplesOf, telephoneBand, whiteNoise } from '../sounds/signal.ts';
import { mulawWav } from './mulaw-wav.ts';
import { readWordSpeakers, type WordClip, wordFile, wordFolder, type WordSpeaker } from './words.ts';

/** What is kept before and after the word. */
const aroundSeconds = 0.2;

/** How long the two hums of a spliced "mm-hm" are, and the breath between them. */
const firstHumSeconds = 0.18;
const secondHumSeconds = 0.24;
const breathSeconds = 0.07;

/** The breath is so loud as an amplitude of PCM16; the second hum is higher by this ratio. */
const breathAmplitude = 60;
const secondHumPitch = 1.12;

/** How long a hum swells and dies away at a splice. */
const fadeSeconds = 0.02;

function main([unpacked]: readonly string[]): void {
  if (unpacked === undefined) throw new Error('Usage: npx node dev/voice/material/make-words.ts <unpacked packages>');
  const sums: string[] = [];
  for (const speaker of readWordSpeakers()) {
    for (const clip of speaker.clips) {
      const path = fileURLToPath(new URL(wordFile(speaker, clip), wordFolder(speaker.half)));
      mkdirSync(dirname(path), { recursive: true });
      const word = trimmed(samplesAt(sourceOf(unpacked, speaker, clip)));
      const wav = mulawWav(encoded(clip.made === 'spliced' ? spliced(word) : word));
      writeFileSync(path, wav);
      const sum = createHash('sha256').update(wav).digest('hex');
      if (speaker.half === 'held-out') sums.push(`${sum}  held-out/${wordFile(speaker, clip)}`);
    }
  }
  writeFileSync(new URL('../held-out.sha256', wordFolder('held-out')), `${sums.join('\n')}\n`);
}

/** The file that holds the clip; what eSpeak NG says is written into a new one. */
function sourceOf(unpacked: string, { folder }: WordSpeaker, { file, made }: WordClip): string {
  if (made !== 'synthetic') return join(unpacked, folder, file);
  const said = join(mkdtempSync(join(tmpdir(), 'parley-words-')), 'said.wav');
  execFileSync('espeak-ng', ['-v', folder, '-w', said, file]);
  return said;
}

/** Samples at 8 kHz, peaks at -6 dBFS. */
function samplesAt(path: string): Float64Array {
  const wav = execFileSync('sox', ['-D', path, ...'-r 8000 -c 1 -b 16 -t wav - norm -6'.split(' ')], { stdio: 'pipe' });
  const { data } = readWav(wav);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float64Array.from({ length: Math.floor(data.length / 2) }, (_, i) => view.getInt16(2 * i, true));
}

function trimmed(sound: Float64Array): Float64Array {
  const { onset, end } = speechSpan(telephoneBand(sound));
  return sound.slice(Math.max(0, onset - samplesOf(aroundSeconds)), end + samplesOf(aroundSeconds));
}

/** "Mm-hm" of one hum: its beginning, a breath, and its beginning again a little higher. */
function spliced(hum: Float64Array): Float64Array {
  const { onset, end } = speechSpan(telephoneBand(hum));
  const voice = hum.slice(onset, end);
  const second = new Float64Array(Math.floor(voice.length / secondHumPitch)).map(
    (_, i) => voice[Math.floor(i * secondHumPitch)] ?? 0,
  );
  const [first, last] = [faded(voice, firstHumSeconds), faded(second, secondHumSeconds)];
  const around = samplesOf(aroundSeconds);
  const lastAt = around + first.length + samplesOf(breathSeconds);
  const sound = new Float64Array(lastAt + last.length + around);
  addAt(sound, 0, whiteNoise(sound.length, fractionsOf(1)), 1);
  addAt(sound, around + first.length, whiteNoise(samplesOf(breathSeconds), fractionsOf(2)), breathAmplitude);
  addAt(sound, around, first);
  addAt(sound, lastAt, last);
  return sound;
}

function faded(voice: Float64Array, seconds: number): Float64Array {
  const piece = voice.slice(0, samplesOf(seconds));
  const fade = samplesOf(fadeSeconds);
  return piece.map((sample, i) => sample * Math.min(1, i / fade, (piece.length - i) / fade));
}

main(process.argv.slice(2));
