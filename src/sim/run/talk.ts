import { shippedCoverSounds } from '../../sounds/cover-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { Moments } from '../seeds/talk-fault.ts';
import { type TalkScenario, talkLengths } from '../seeds/seeded-talk.ts';
import type { WorldObserver } from '../world/world.ts';
import { CallDiary } from '../judges/call-diary.ts';
import { listen, markedCoverSounds, type Span, type StreamEar } from '../judges/ear.ts';
import { levelAudioPath } from '../world/level-audio-path.ts';
import { saidSpans, waitsOf, wordSpans } from '../judges/talk-waits.ts';
import { toneSounds } from '../scenario/tone-sounds.ts';
import { parseWorldScenario } from '../scenario/world-scenario.ts';
import { simulateCall, type SimulatedCall, type SimulateOptions } from './call.ts';

const sounds = toneSounds(mulawCodec, talkLengths);
const audioPath = levelAudioPath(mulawCodec, markedCoverSounds(shippedCoverSounds));

/** A talk that was played, and all that there is to judge it by. */
export interface PlayedTalk {
  readonly call: SimulatedCall;
  readonly diary: CallDiary;
  readonly ears: readonly StreamEar[];
}

/** Plays a talk. `observer` sees what happens as well. */
export function playTalk(
  scenario: TalkScenario,
  makeCall?: SimulateOptions['makeCall'],
  observer?: WorldObserver,
): PlayedTalk {
  const diary = new CallDiary();
  const call = simulateCall(parseWorldScenario(scenario, sounds), {
    audioPath,
    hashes: false,
    ...(makeCall && { makeCall }),
    observer: {
      onNote(note) {
        diary.onNote(note);
        observer?.onNote(note);
      },
      onStep(...step) {
        diary.onStep(...step);
        observer?.onStep(...step);
      },
      onFault: (atMs, fault) => observer?.onFault(atMs, fault),
    },
  });
  return { call, diary, ears: call.streams.map(listen) };
}

/** When what happens around the struck question, from a talk in which nothing goes wrong. */
export function momentsOf({ ears, diary, call }: PlayedTalk, struck: number): Moments {
  const said = saidSpans(ears);
  const question = said[struck - 1] ?? nowhere;
  const nextMs = said[struck]?.fromMs ?? question.toMs;
  const answer = waitsOf(ears)[struck] ?? { ...nowhere, silentMs: 0 };
  const words = wordSpans(ears).find(({ fromMs }) => fromMs >= question.toMs) ?? nowhere;
  const waiting = { fromMs: question.toMs, toMs: words.fromMs };
  const tool = toolSpan(diary, question.toMs, nextMs);
  return {
    openedAtMs: call.modelSessions[0]?.openedAtMs ?? 0,
    phases: {
      quiet: { fromMs: answer.toMs, toMs: nextMs },
      callerSpeaks: question,
      agentSpeaks: words,
      waiting,
      toolRuns: tool ?? waiting,
    },
  };
}

const nowhere: Span = { fromMs: 0, toMs: 0 };

function toolSpan({ entries }: CallDiary, fromMs: number, toMs: number): Span | null {
  const between = entries.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const run = between.find(({ kind }) => kind === 'toolRun');
  const done = between.find(({ kind, about }) => kind === 'step' && about === 'toolDone');
  return run === undefined || done === undefined ? null : { fromMs: run.atMs, toMs: done.atMs };
}
