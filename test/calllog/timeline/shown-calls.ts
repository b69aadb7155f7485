import { describe, expect, test } from 'vitest';
import { mulawBytesPerMs } from '../../../src/audio/mulaw.ts';
import { buildTimeline } from '../../../src/calllog/timeline/build-timeline.ts';
import { readLog } from '../../../src/calllog/read-log.ts';
import { replay } from '../../../src/calllog/replay.ts';
import { timelineSetup, usualMeans } from '../../../src/console/recording/timeline-setup.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import { keptCall, keptCallNames } from './kept-calls.ts';
import { logInMemory } from './log-in-memory.ts';

export const setup = timelineSetup(usualMeans(null));

/** The kept calls that every `npm test` shows: those in which the agent is not heard to its end, and every eighth. */
export const shownOften = keptCallNames.filter((name, at) => at % 8 === 0 || /barge|mark|broken/.test(name));

/** Proves for these kept calls that they are shown as they were. */
export function keptCallsShow(names: readonly string[]): void {
  describe.for(names)('%s', (name) => {
    test('is shown as its call counted it, word for word and byte for byte', () => {
      const { text, audio } = keptCall(name);
      const { timeline, sound } = buildTimeline(logInMemory(text, audio), setup);
      const record = readLog(text, audio);
      const effects = record.steps.flatMap((one) => one.effects);
      expect(timeline.captions.map(({ who, text: said, cut }) => [who, said, cut])).toEqual(
        effects.flatMap((effect) =>
          effect.type === 'transcript.add' ? [[effect.speaker, effect.text, effect.cut]] : [],
        ),
      );
      const { agent } = replay(record, standardAudioPath).tally;
      const counted = { heard: agent.heard / mulawBytesPerMs, cleared: agent.cleared / mulawBytesPerMs };
      expect(timeline.agentMs).toEqual(tallyOf(name, counted, timeline.agentMs));
      expect(timeline.missing).toEqual([]);
      expect(timeline.endReason).toBe(effects.find(({ type }) => type === 'call.end')?.reason);
      for (const span of [...timeline.captions, ...timeline.waits, ...timeline.bars]) {
        expect(span.toMs).toBeGreaterThanOrEqual(span.fromMs);
        expect(span.fromMs).toBeGreaterThanOrEqual(0);
        expect(span.toMs).toBeLessThanOrEqual(timeline.durationMs + 4_000);
      }
      const sources = text.split('\n');
      for (const { line } of timeline.events)
        expect(sources[line - 1]).toContain(timeline.logLines[line]?.replace('…', ''));
      expect(sound.caller.length / mulawBytesPerMs).toBeLessThanOrEqual(timeline.durationMs);
    });
  });
}

/** Of marks that never came, came late or lay unread, the call knows too little: its figures say that less was heard than was played. */
function tallyOf<Tally>(name: string, counted: Tally, shown: Tally): Tally {
  return ['late-again-and-again', 'marks-lost', 'too-busy-for-frames'].includes(name) ? shown : counted;
}
