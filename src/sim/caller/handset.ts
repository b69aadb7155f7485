import { mulawSilence } from '../../audio/mulaw.ts';

/** 20 ms of mu-law at 8 kHz. */
export const handsetFrameBytes = 160;

/** A frame in which nothing is to be heard. Nobody writes into a frame, so one serves all. */
export const silentFrame = new Uint8Array(handsetFrameBytes).fill(mulawSilence);

/** What the caller does in 20 ms. `audio` is 160 bytes of mu-law; null while the phone is muted. */
export interface SpokenFrame {
  readonly audio: Uint8Array | null;
  /** The key pressed in this frame. */
  readonly digit: string | null;
  readonly hangsUp: boolean;
  /** The index of the `waitFor` step that was given up in this frame. */
  readonly gaveUpStep: number | null;
}

/** Who speaks to the caller: the agent on the stream, or the phone network itself, as with `<Say>`. */
export type Voice = 'agent' | 'network';

/** What the caller holds: a script speaks into it, or a person. It has no clock; frames of 20 ms are its time. */
export interface Handset {
  /** The next frame of the caller. `voice` was to be heard in the last one. */
  nextFrame(voice: Voice | null): SpokenFrame;
  /** What the phone network has played in the last frame: 160 bytes of mu-law, silence where it played nothing. */
  hear?(audio: Uint8Array): void;
}
