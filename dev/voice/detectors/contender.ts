/** When a detector heard somebody begin and stop, in ms from the beginning of the line: when the frame that tells is complete. */
export interface HeardVoice {
  readonly onsetsMs: readonly number[];
  readonly offsetsMs: readonly number[];
}

/** A voice detector of the bench. */
export interface Contender {
  readonly name: string;
  /** Hears a whole line from its beginning: what the caller's line brings, and what the agent plays, in 8 kHz mu-law. */
  hear(near: Uint8Array, far: Uint8Array): Promise<HeardVoice>;
}

/** How much of the last 100 ms must be voice to begin, for detectors that judge each frame by itself. */
const onsetMs = 60;
const windowMs = 100;

/** So long without voice, and it has ended. */
const hangoverMs = 300;

/** Onsets and offsets from judgements of single frames, each of so many ms. */
export function heardOf(isVoice: readonly boolean[], frameMs: number): HeardVoice {
  const onsetFrames = Math.ceil(onsetMs / frameMs);
  const windowFrames = Math.ceil(windowMs / frameMs);
  const heard = { onsetsMs: new Array<number>(), offsetsMs: new Array<number>() };
  let isSpeaking = false;
  let quietMs = 0;
  for (const [frame, one] of isVoice.entries()) {
    const nowMs = (frame + 1) * frameMs;
    quietMs = one ? 0 : quietMs + frameMs;
    if (isSpeaking && quietMs >= hangoverMs) {
      isSpeaking = false;
      heard.offsetsMs.push(nowMs);
    }
    const voiced = isVoice.slice(Math.max(0, frame + 1 - windowFrames), frame + 1).filter(Boolean).length;
    if (isSpeaking || voiced < onsetFrames) continue;
    isSpeaking = true;
    heard.onsetsMs.push(nowMs);
  }
  return heard;
}
