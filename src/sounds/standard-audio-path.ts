import { filteredAudioPath } from '../audio/audio-path.ts';
import { shippedComfortSounds } from './comfort-sounds.ts';
import { mulawCodec } from './mulaw-codec.ts';

/** The audio path of a call as Parley is shipped. A service with a filler phrase of its own makes another one. */
export const standardAudioPath = filteredAudioPath(mulawCodec, shippedComfortSounds);
