import { buildSystemInstruction, defaultPrompt } from '../../config/system-instruction.ts';
import { modelVariables } from '../../config/model/model-variables.ts';
import { builtInPrices } from '../../config/prices.ts';
import type { ModelUsage } from '../../call/events.ts';
import { UsageSum } from '../../call/usage.ts';
import { shippedComfortSounds } from '../../sounds/comfort-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { SessionReport } from '../model/session-report.ts';
import { levelAudioPath } from '../world/level-audio-path.ts';
import { syntheticSpeech } from '../scenario/synthetic-speech.ts';
import { parseWorldScenario, type WorldScenario } from '../scenario/world-scenario.ts';
import { type SetupSettings, standardSetup } from '../../gemini/setup-settings.ts';
import { simulateCall, simulatedModelId } from './call.ts';
import { simulatedTools } from './simulated-tools.ts';

/** What the caller says within the first minute and the agent must know to the end of the call. */
export const firstFact = 'my order number is A1042';

/** One pair of turns: the caller speaks, the agent answers, and a pause follows that makes it this long. */
const pairMs = 20_000;
const speechMs = 6_000;
/** The pause without the 1.6 s that the end of the caller's turn and the beginning of the answer take. */
const pauseMs = pairMs - 2 * speechMs - 1_600;

/** A minute of a call of half an hour may cost so many times what one of a call of two minutes does. */
export const minuteCostRatioMax = 3.5;

/** What became of a long call. */
export interface LongCall {
  readonly callMs: number;
  /** What did not hold; empty when all was well. */
  readonly broken: readonly string[];
  /** Every bill of the model, oldest first. */
  readonly bills: readonly ModelUsage[];
  readonly sessions: readonly SessionReport[];
  /** Why sessions were replaced although they still worked, in turn. */
  readonly rotations: readonly string[];
}

/**
 * Plays the conversation `long-call` in virtual time: caller and agent take turns of six seconds, a pair of them every twenty, for so
 * many minutes, with the instruction, the settings and the rotations of a Parley of which nothing was configured. `compression` may
 * differ, to see what it saves.
 */
export function longCall(
  minutes: number,
  { compression }: Pick<SetupSettings, 'compression'> = standardSetup,
): LongCall {
  const bills: ModelUsage[] = [];
  const rotations: string[] = [];
  const prompt = { prompt: defaultPrompt, language: null };
  const { callMs, broken, modelSessions } = simulateCall(longCallScenario(minutes), {
    audioPath: levelAudioPath(mulawCodec, shippedComfortSounds),
    hashes: false,
    agent: {
      systemInstruction: buildSystemInstruction(prompt, [...simulatedTools.keys()]),
      settings: { ...standardSetup, compression },
    },
    observer: {
      onStep(_atMs, event, effects) {
        if (event.type === 'model.usage') bills.push(event.usage);
        for (const effect of effects) {
          if (effect.type === 'note' && effect.name === 'modelRotated') rotations.push(String(effect.fields.cause));
        }
      },
    },
  });
  return { callMs, broken, bills, sessions: modelSessions, rotations };
}

/** What a call cost at the prices that come with Parley, in US dollars; NaN if they lack the model. */
export function costUsd({ bills }: LongCall): number {
  const sum = new UsageSum();
  for (const bill of bills) sum.add(simulatedModelId, bill);
  return sum.report(builtInPrices).costUsd ?? Number.NaN;
}

/** The same for each minute of it. */
export function costPerMinuteUsd(call: LongCall): number {
  return costUsd(call) / (call.callMs / 60_000);
}

/** The call of `longCall`, to be played in another way. */
export function longCallScenario(minutes: number): WorldScenario {
  const sessionMsMax = modelVariables.GEMINI_SESSION_MAX_SECONDS.parse(undefined) * 1000;
  const pairs = Math.round((minutes * 60_000) / pairMs);
  const numbers = Array.from({ length: pairs }, (_, index) => index + 1);
  const answered = [{ waitFor: 'agentSpeaking' as const }, { waitFor: 'agentQuiet' as const, ms: pauseMs }];
  const sounds = syntheticSpeech(mulawCodec, {
    callerMs: { question: speechMs },
    agentMs: { hello: 1_500, answer: speechMs },
  });
  return parseWorldScenario(
    {
      why: 'A call costs little however long it lasts, and forgets nothing of its first minute.',
      caller: { steps: [...answered, ...numbers.flatMap(() => [{ say: 'question' }, ...answered]), { hangUp: true }] },
      model: {
        turns: [
          { steps: [{ say: 'hello' }] },
          ...numbers.map((number) => ({ heard: question(number), steps: [{ say: 'answer', text: answer(number) }] })),
        ],
        // The first session reaches the age at which it is replaced; the second is ended by the service before that.
        sessions: [{}, { lifeMs: 7 * 60_000, goAwayMs: 60_000 }],
        // The service would end a session of audio after a quarter of an hour; here it is only to cost what it costs.
        uncompressedMs: 3_600_000,
      },
      settings: { callMsMax: 3_600_000, sessionMsMax },
    },
    sounds,
  );
}

/** As many words as six seconds hold. */
function question(number: number): string {
  return number === 1
    ? `Hello, ${firstFact}, and I would like to know when my parcel will be here.`
    : `Question ${number} is about item ${number}: could you tell me once more when it will be here, please?`;
}

function answer(number: number): string {
  return `Answer ${number}: item ${number} has left the warehouse and will be with you on Friday before noon.`;
}
