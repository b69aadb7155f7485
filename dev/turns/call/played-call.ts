import { filteredAudioPath } from '../../../src/audio/audio-path.ts';
import type { CallEffect } from '../../../src/call/effects.ts';
import { usualBargeIn } from '../../../src/call/turns/barge-in-rule.ts';
import type { WorldObserver } from '../../../src/sim/world/world-parts.ts';
import { parseWorldScenario, type WorldScenario } from '../../../src/sim/scenario/world-scenario.ts';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { codec } from '../../audio/codec.ts';
import { type AgentReplies, agentReplies, greetingName, replyNames } from '../material/agent-replies.ts';
import type { TurnsCall } from '../material/turns-call.ts';
import { type AgentEar, markedComfort } from './agent-ear.ts';
import { modelProfile, type TurnsModel } from './model-profile.ts';
import { ReplyLocator } from './reply-locator.ts';
import { type SaidSound, TurnsCaller } from './turns-caller.ts';

/** The way of the sound to the phone network, and of messages to the model, in ms each. */
const mediaMs = 40;
const modelMs = 30;

/** What Parley noted when it stopped the agent, at a time of the line. */
export interface CutNote {
  readonly atMs: number;
  /** What it took the caller to have heard of the reply. */
  readonly heardMs: number;
}

/** A call that was played, and all that there is to measure it by. Times are ms of the line. */
export interface PlayedCall {
  readonly plan: TurnsCall;
  readonly ear: AgentEar;
  readonly said: readonly SaidSound[];
  readonly cuts: readonly CutNote[];
  /** Media messages that Parley has sent. */
  readonly writes: number;
  /** What a simulated call must hold and this one did not. */
  readonly broken: readonly string[];
  /** When the line began, in ms since the call was placed. */
  readonly answeredAtMs: number;
}

const audioPath = filteredAudioPath(codec, markedComfort);
const locators = new WeakMap<AgentReplies, ReplyLocator>();

/** Plays a call in virtual time, with the filters and the voice detector of real calls. `observer` sees what happens as well. */
export function playTurns(plan: TurnsCall, model: TurnsModel, observer?: WorldObserver): PlayedCall {
  const replies = agentReplies(plan.half, plan.agentVoice);
  const locator = locators.get(replies) ?? new ReplyLocator(replies.heard);
  locators.set(replies, locator);
  const caller = new TurnsCaller(plan, locator);
  const cuts: CutNote[] = [];
  let answeredAtMs = 0;
  let writes = 0;
  const { broken } = simulateCall(scenarioOf(plan, model, replies), {
    audioPath,
    hashes: false,
    makeCaller: (onSay) => caller.telling(onSay),
    observer: {
      onNote(note) {
        if (note.kind === 'call.answered') answeredAtMs = note.atMs;
        observer?.onNote(note);
      },
      onStep(atMs, event, effects, call) {
        for (const effect of effects) {
          if (effect.type === 'stream.media') writes += 1;
          if (saysAgain(effect)) caller.sayAgain();
          const heardMs = cutAt(effect);
          if (heardMs !== null) cuts.push({ atMs: atMs - answeredAtMs, heardMs });
        }
        observer?.onStep(atMs, event, effects, call);
      },
      onFault: (atMs, fault) => observer?.onFault(atMs, fault),
    },
  });
  const { ear, said } = caller;
  return { plan, ear, said, cuts, writes, broken, answeredAtMs };
}

/** Whether the model hears once more what the caller said last: to be answered, or in a session that was not there. */
function saysAgain(effect: CallEffect): boolean {
  return effect.type === 'note' && (effect.name === 'wordsSaidAgain' || effect.name === 'modelReopened');
}

/** What an effect says of the heard position at which the agent was cut; null for any other effect. */
function cutAt(effect: CallEffect): number | null {
  if (effect.type !== 'note' || (effect.name !== 'bargeIn' && effect.name !== 'agentCut')) return null;
  const { heardMs } = effect.fields;
  return typeof heardMs === 'number' ? heardMs : null;
}

function scenarioOf(
  { row, seed, half }: TurnsCall,
  { profile, turnDetection, rule }: TurnsModel,
  { clips }: AgentReplies,
): WorldScenario {
  const { settings, ...scenario } = parseWorldScenario(
    {
      why: `${row.name}, ${half}, seed ${seed}.`,
      caller: { steps: [] },
      model: {
        turns: [
          { steps: [{ say: greetingName }] },
          ...replyNames.map((name) => ({ heard: `Question of ${name}.`, steps: [{ say: name }] })),
        ],
        repeat: true,
        // Only the first session greets.
        firstTurn: 1,
        sessions: [{ firstTurn: 0 }],
        ...modelProfile(profile, row),
        seed,
      },
      faults: [latency('webhook', 30), latency('media', mediaMs), latency('model', modelMs)],
      settings: { callMsMax: 900_000, model: { first: { turnDetection } } },
      seed,
    },
    { caller: new Map(), agent: clips },
  );
  return { ...scenario, settings: { ...settings, bargeIn: { ...usualBargeIn, ...rule } } };
}

function latency(link: string, ms: number): object {
  return { fault: 'latency', link, ms };
}
