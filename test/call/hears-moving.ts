import type { VoiceHearing } from '../../src/audio/voice/voice-hearing.ts';
import { levelAudioPath } from '../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

/** Sound as it is, in which the ear takes whatever is loud for a voice. */
export const hearsByLevel = levelAudioPath(mulawCodec, shippedComfortSounds);

/** Hears by level, and takes every voice for one whose spectrum moves so much: 1 is words, and 0 a hum. `voicedShare`: how much of it has a pitch. */
export function hearsMoving(articulation: number, voicedShare = 1): VoiceHearing {
  const hearing = hearsByLevel.voiceDetector();
  return {
    get isSpeaking() {
      return hearing.isSpeaking;
    },
    get voicedMs() {
      return hearing.voicedMs;
    },
    voicedShare,
    articulation,
    changeDb: 3 * articulation,
    periodicity: 0.9,
    isHumLike: articulation === 0,
    push: (caller, played) => hearing.push(caller, played),
  };
}
