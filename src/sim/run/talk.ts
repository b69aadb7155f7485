import { shippedComfortSounds } from '../../sounds/comfort-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { Moments } from '../seeds/dialogue-fault.ts';
import { type DialogueScenario, dialogueLengths } from '../seeds/seeded-dialogue.ts';
import type { FleetScript } from '../world/processes/fleet-processes.ts';
import type { WorldObserver } from '../world/world-parts.ts';
import { CallTimeline } from '../judges/call-timeline.ts';
import { listen, markedComfortSounds, type Span, type HeardStream } from '../judges/heard-stream.ts';
import { levelAudioPath } from '../world/level-audio-path.ts';
import { saidSpans, waitsOf, wordSpans } from '../judges/answer-waits.ts';
import { syntheticSpeech } from '../scenario/synthetic-speech.ts';
import { parseWorldScenario } from '../scenario/world-scenario.ts';
import { simulateCall, type SimulatedCall, type SimulateOptions } from './call.ts';

const sounds = syntheticSpeech(mulawCodec, dialogueLengths);
const audioPath = levelAudioPath(mulawCodec, markedComfortSounds(shippedComfortSounds));

/** A dialogue that was played, and all that there is to judge it by. */
export interface PlayedDialogue {
  readonly call: SimulatedCall;
  readonly timeline: CallTimeline;
  readonly streams: readonly HeardStream[];
}

/** Plays a dialogue. `observer` sees what happens as well; `fleet`: several processes. */
export function playDialogue(
  scenario: DialogueScenario,
  makeCall?: SimulateOptions['makeCall'],
  observer?: WorldObserver,
  fleet?: FleetScript,
): PlayedDialogue {
  const timeline = new CallTimeline();
  const call = simulateCall(parseWorldScenario(scenario, sounds), {
    audioPath,
    hashes: false,
    ...(makeCall && { makeCall }),
    ...(fleet && { fleet }),
    observer: {
      onNote(note) {
        timeline.onNote(note);
        observer?.onNote(note);
      },
      onStep(...step) {
        timeline.onStep(...step);
        observer?.onStep(...step);
      },
      onFault: (atMs, fault) => observer?.onFault(atMs, fault),
    },
  });
  return { call, timeline, streams: call.streams.map(listen) };
}

/** When what happens around the faulted question, from a dialogue in which nothing goes wrong. */
export function momentsOf({ streams, timeline, call }: PlayedDialogue, faultedQuestion: number): Moments {
  const said = saidSpans(streams);
  const question = said[faultedQuestion - 1] ?? nowhere;
  const nextMs = said[faultedQuestion]?.fromMs ?? question.toMs;
  const answer = waitsOf(streams)[faultedQuestion] ?? { ...nowhere, silentMs: 0 };
  const words = wordSpans(streams).find(({ fromMs }) => fromMs >= question.toMs) ?? nowhere;
  const waiting = { fromMs: question.toMs, toMs: words.fromMs };
  const tool = toolSpan(timeline, question.toMs, nextMs);
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

function toolSpan({ entries }: CallTimeline, fromMs: number, toMs: number): Span | null {
  const between = entries.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const run = between.find(({ kind }) => kind === 'toolRun');
  const done = between.find(({ kind, about }) => kind === 'step' && about === 'toolDone');
  return run === undefined || done === undefined ? null : { fromMs: run.atMs, toMs: done.atMs };
}
