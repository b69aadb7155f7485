import type { MulawCodec } from './mulaw.ts';
import { AgentDownsampler } from './resample-down.ts';
import { CallerUpsampler } from './resample-up.ts';
import { VoiceDetector } from './voice/voice-detector.ts';
import type { VoiceHearing } from './voice/voice-hearing.ts';

/** The sound of one direction of one call on its way from one sampling rate to another. */
export interface Resampler {
  /** Takes any number of bytes and returns what they give, in a buffer of its own. */
  push(audio: Uint8Array): Uint8Array;
  /** Ends the sound: returns what is still inside, then begins anew. */
  flush(): Uint8Array;
  /** Forgets the sound so far. */
  reset(): void;
}

/** What the caller hears while expected words do not come, in 8 kHz mu-law: first the tone, later the phrase. */
export interface ComfortSounds {
  readonly tone: Uint8Array;
  /** A few spoken words, or the tone again where Parley has none in the agent's language. */
  readonly phrase: Uint8Array;
}

/** Which comfort sound this audio is; null when it is none. The very buffer tells, and not what is in it. */
export function comfortSoundOf({ tone, phrase }: ComfortSounds, audio: Uint8Array): keyof ComfortSounds | null {
  if (audio === tone) return 'tone';
  return audio === phrase ? 'phrase' : null;
}

/** How a call changes sound between the telephone and the model. One object serves all calls; the resamplers and the detector are each call's own. */
export interface AudioPath {
  readonly codec: MulawCodec;
  readonly comfortSounds: ComfortSounds;
  /** The caller's voice: 8 kHz mu-law in, 16 kHz PCM16 little-endian out, four bytes for each. */
  callerUpsampler(): Resampler;
  /** The agent's voice: 24 kHz PCM16 little-endian in, 8 kHz mu-law out, one code for each three samples. */
  agentDownsampler(): Resampler;
  /** Hears when the caller speaks. */
  voiceDetector(): VoiceHearing;
}

/** The audio path of every real call: with filters, which keep the telephone's band and nothing else. */
export function filteredAudioPath(codec: MulawCodec, comfortSounds: ComfortSounds): AudioPath {
  return {
    codec,
    comfortSounds,
    callerUpsampler: () => new CallerUpsampler(codec),
    agentDownsampler: () => new AgentDownsampler(codec),
    voiceDetector: () => new VoiceDetector(codec),
  };
}
