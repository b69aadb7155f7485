import { VoiceDetector } from '../../../src/audio/voice/voice-detector.ts';
import { codec } from '../../audio/codec.ts';
import { frameSamples } from '../sounds/signal.ts';
import type { Contender } from './contender.ts';

/** Our own detector, with its usual settings. */
export const parleyContender: Contender = {
  name: 'Parley',
  async hear(near, far) {
    const detector = new VoiceDetector(codec);
    const onsetsMs: number[] = [];
    const offsetsMs: number[] = [];
    for (let at = 0; at + frameSamples <= near.length; at += frameSamples) {
      const news = detector.push(near.subarray(at, at + frameSamples), far.subarray(at, at + frameSamples));
      const nowMs = (at + frameSamples) / 8;
      if (news === 'onset') onsetsMs.push(nowMs);
      if (news === 'offset') offsetsMs.push(nowMs);
    }
    return Promise.resolve({ onsetsMs, offsetsMs });
  },
};
