import { readWav, type Wav } from '../audio/wav.ts';
import { ParleyError } from '../errors.ts';
import { readRegularFileSync } from '../system/files/regular-file.ts';

/** It begins 4 s into a silence and the next tone after 6.5 s (src/call/watchdog/expectation.ts): a longer line would push that one away. */
const lineMsMax = 2_500;

/** Ten times what the longest line has, so that of one that is too long its length can be told. It is read while calls wait. */
const fileBytesMax = 1_500_000;

/** 8 kHz is the telephone's own rate, 24 kHz the one that the agent's filter knows. */
export const phraseRatesHz = { telephone: 8_000, agent: 24_000 };

const wanted = 'It wants a WAV file in PCM16, one channel, 8000 or 24000 Hz, of at most 2.5 seconds.';

/** Reads a filler phrase of the admin's own. `name`: what names the file. Throws `config.invalid` for what no caller could hear. */
export function readPhraseFile(path: string, name = 'FILLER_PHRASE_FILE'): Wav {
  const refuse = (what: string): never => {
    throw new ParleyError('config.invalid', `${name} names ${path}, which ${what}. ${wanted}`);
  };
  const wav = parsed(path, refuse);
  const { sampleRateHz, channels, encoding } = wav;
  const isKnownRate = sampleRateHz === phraseRatesHz.telephone || sampleRateHz === phraseRatesHz.agent;
  if (encoding !== 'pcm16' || channels !== 1 || !isKnownRate) {
    refuse(`is in ${encoding}, with ${channels} channel${channels === 1 ? '' : 's'} of ${sampleRateHz} Hz`);
  }
  // Two bytes a sample; half a one is none.
  const ms = (Math.floor(wav.data.length / 2) * 1000) / sampleRateHz;
  if (ms === 0) refuse('holds no sound');
  if (ms > lineMsMax) refuse(`lasts ${(ms / 1000).toFixed(2)} seconds`);
  return wav;
}

function parsed(path: string, refuse: (what: string) => never): Wav {
  const bytes = readRegularFileSync(path, fileBytesMax);
  if (typeof bytes === 'string') return refuse(bytes);
  try {
    return readWav(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(`is no WAV file that Parley can read: ${error.message.replace(/\.$/, '')}`);
  }
}
