import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '../../../src/audio/wav.ts';
import { encoded } from '../lines/encoded.ts';
import type { VoiceRecording } from '../material/voices.ts';

/** So many recordings of each voice are used, of at least and at most so many seconds. */
const clipsMax = 40;
const clipSeconds = [0.4, 4.5] as const;

/** What the hedgehogs say, without their grunts and coughs. */
const hedgehog = /^(?!Laugh|Ow|Ouch|Oo|Poison|Firepunch|Jump)[A-Z][a-z-]*\.ogg$/;

/** Where the unpacked Debian packages have a voice: a folder, and which files below it are its own. None is a voice of the held-out half. */
const voices: Readonly<Record<string, readonly [folder: string, files: RegExp]>> = {
  'cs-small-fish': ['usr/share/games/fillets-ng/sound', /\/cs\/[^/]*-m-[^/]*\.ogg$/],
  'cs-big-fish': ['usr/share/games/fillets-ng/sound', /\/cs\/[^/]*-v-[^/]*\.ogg$/],
  'nl-small-fish': ['usr/share/games/fillets-ng/sound', /\/nl\/[^/]*-m-[^/]*\.ogg$/],
  'nl-big-fish': ['usr/share/games/fillets-ng/sound', /\/nl\/[^/]*-v-[^/]*\.ogg$/],
  'it-menardi': ['usr/share/asterisk/sounds/it_IT_f_Menardi', /^[^/]*\.wav$/],
  'en-default': ['usr/share/games/hedgewars/Data/Sounds/voices/Default', hedgehog],
  'en-british': ['usr/share/games/hedgewars/Data/Sounds/voices/British', hedgehog],
  'en-mobster': ['usr/share/games/hedgewars/Data/Sounds/voices/Mobster', hedgehog],
  'en-pirate': ['usr/share/games/hedgewars/Data/Sounds/voices/Pirate', hedgehog],
  'en-singer': ['usr/share/games/hedgewars/Data/Sounds/voices/Singer', hedgehog],
  'en-allison': ['usr/share/asterisk/sounds/en_US_f_Allison', /^[a-z-]*\.wav$/],
  'es-allison': ['usr/share/asterisk/sounds/es_MX_f_Allison', /^[a-z-]*\.wav$/],
  'it-carlo': ['usr/share/asterisk/sounds/it_IT_m_Carlo', /^[a-z-]*\.wav$/],
};

/** The recordings of each voice that the network learns from, at 8 kHz and all equally loud. */
export function readTrainingVoices(unpacked: string): ReadonlyMap<string, readonly VoiceRecording[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-training-'));
  const made = new Map(
    Object.entries(voices).map(([voice, [below, files]]) => [
      voice,
      clipsOf(voice, join(unpacked, below), files, join(folder, 'clip.wav')),
    ]),
  );
  rmSync(folder, { recursive: true });
  return made;
}

function clipsOf(voice: string, folder: string, files: RegExp, path: string): VoiceRecording[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => files.test(file))
    .toSorted();
  // Evenly through the folder, so that neighbours in it, which are of one scene, do not fill the list.
  const step = Math.max(1, Math.floor(all.length / (2 * clipsMax)));
  const clips: VoiceRecording[] = [];
  for (let at = 0; at < all.length && clips.length < clipsMax; at += step) {
    const name = all[at] ?? '';
    execFileSync('sox', ['-D', join(folder, name), ...'-r 8000 -c 1 -b 16'.split(' '), path, 'norm', '-6']);
    const { data } = readWav(readFileSync(path));
    const seconds = data.length / 16_000;
    if (seconds < clipSeconds[0] || seconds > clipSeconds[1]) continue;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const samples = Float64Array.from({ length: data.length / 2 }, (_, i) => view.getInt16(2 * i, true));
    clips.push({ voice, name, mulaw: encoded(samples) });
  }
  return clips;
}
