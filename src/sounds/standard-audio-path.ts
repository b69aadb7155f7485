import { filteredAudioPath } from '../audio/audio-path.ts';
import { shippedCoverSounds } from './cover-sounds.ts';
import { mulawCodec } from './mulaw-codec.ts';

/** The audio path of a call as Parley is shipped. A service with a covering line of its own makes another one. */
export const standardAudioPath = filteredAudioPath(mulawCodec, shippedCoverSounds);
