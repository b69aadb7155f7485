import { readFileSync } from 'node:fs';
import { encodePcm16, type MulawCodec } from '../../audio/mulaw.ts';
import { readWav, type Wav } from '../../audio/wav.ts';
import { cannotBeRead } from '../../errors.ts';

const sampleRateHz = 8000;

/** Nobody on the telephone speaks longer without a pause; a longer file is the wrong one. */
const secondsMax = 300;

const wanted = 'Wanted is a WAV file of 8000 Hz and one channel, in PCM16 or mu-law.';

/** Reads what the caller shall say, as mu-law at 8 kHz. Throws a RangeError of one line for a file that cannot be used. */
export function readCallerAudio(path: string, codec: MulawCodec): Uint8Array {
  const wav = parse(path, read(path));
  if (wav.sampleRateHz !== sampleRateHz || wav.channels !== 1)
    throw new RangeError(`${path} has ${wav.sampleRateHz} Hz and ${wav.channels} channel(s). ${wanted}`);
  const audio = wav.encoding === 'mulaw' ? wav.data : encodePcm16(wav.data, codec);
  if (audio.length === 0) throw new RangeError(`${path} holds no sound. ${wanted}`);
  if (audio.length > secondsMax * sampleRateHz) throw new RangeError(`${path} is longer than ${secondsMax} s.`);
  return audio;
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RangeError(`${path} ${cannotBeRead(error)}.`, { cause: error });
  }
}

function parse(path: string, bytes: Uint8Array): Wav {
  try {
    return readWav(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${path}: ${error.message} ${wanted}`, { cause: error });
  }
}
