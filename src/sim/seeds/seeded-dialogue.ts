import type { CallerScriptInput } from '../caller/caller-script.ts';
import { seededRandom } from '../seeded-random.ts';
import type { ScriptInput } from '../model/script/script.ts';
import type { WorldScenarioInput } from '../scenario/world-scenario.ts';
import { Draw } from './draw.ts';

/** Lengths of the sounds of a dialogue. No two questions of a call are alike, so that each is known by its length wherever it arrives. */
export const dialogueLengths = {
  callerMs: { ask700: 700, ask1000: 1000, ask1300: 1300, ask1600: 1600, ask2000: 2000 },
  agentMs: { hello: 600, short: 1200, long: 3200, goodbye: 700 },
} as const;

const questions = ['ask700', 'ask1000', 'ask1300', 'ask1600', 'ask2000'] as const;

/** A caller who gets no answer waits longer than the whole escalation takes: a nudge, two sessions, an apology. */
const patienceMs = 30_000;

/** After the answer that a fault spoils, the caller lets the agent finish: the slowest setup and the slowest answer fit into it. */
const faultedPauseMs = 4_500;

/** What the number is told to do when nobody answers: five tries, and an apology by Twilio's own voice (TW-HOOK-3, TW-HOOK-6). */
const number = {
  voiceOverrides: '#rc=5&rp=ct,5xx&ct=2000',
  fallbackTwiml: '<Response><Say>I am sorry. Please call again.</Say><Hangup/></Response>',
};

type Turn = ScriptInput['turns'][number];
type Step = NonNullable<Turn['steps']>[number];

export interface DialogueScenario extends WorldScenarioInput {
  readonly caller: CallerScriptInput;
  readonly model: ScriptInput;
}

/** A call in which nothing goes wrong, and what a fault must know of it. */
export interface Dialogue {
  readonly scenario: DialogueScenario;
  /** How many questions the caller asks. */
  readonly questions: number;
  /** The question, counted from 1, during or after which a fault comes. It is not the last. */
  readonly faultedQuestion: number;
  readonly setupMs: number;
  readonly latencyMs: number;
}

/**
 * Draws a dialogue: a greeting, three or four questions with their answers, now and then a tool, and at the end a transfer or the caller's
 * hang-up. `needsTool`: whether the faulted question needs a tool; everything else of a seed stays as it is.
 */
export function seededDialogue(seed: number, needsTool: boolean): Dialogue {
  const draw = new Draw(seededRandom(seed));
  const count = draw.int(3, 4);
  const faultedQuestion = draw.int(1, count - 1);
  const setupMs = draw.int(300, 2500);
  const latencyMs = draw.int(400, 1200);
  const toolMs = draw.int(700, 1500);
  const endsByTransfer = draw.chance(40);
  const turns: Turn[] = [{ steps: [say('hello', 0)] }];
  for (let turn = 1; turn <= count; turn += 1) {
    const wantsTool = draw.chance(30);
    const length = draw.oneOf(['short', 'long'] as const);
    if (turn === faultedQuestion) turns.push(answer(turn, 'long', needsTool));
    else if (turn === count && endsByTransfer) turns.push(transfer(turn));
    else turns.push(answer(turn, length, wantsTool));
  }
  const scenario: DialogueScenario = {
    why: `The dialogue of seed ${seed}.`,
    caller: caller(draw, count, faultedQuestion),
    model: {
      turns,
      repeat: true,
      setupMs,
      latencyMs,
      heardMs: draw.int(0, 600),
      speed: draw.oneOf([3, 4, 6]),
      transcripts: draw.oneOf(['withAudio', 'ahead', 'behind']),
    },
    tools: Array.from({ length: 8 }, () => ({ afterMs: toolMs })),
    dialOutcomes: {
      '+15550100': { type: 'answered', ringMs: draw.int(0, 2000), talkMs: 500 },
      '+15550102': { type: 'answered', ringMs: draw.int(0, 2000), talkMs: 500 },
    },
    faults: [
      { fault: 'latency', link: 'webhook', ms: draw.int(10, 80) },
      { fault: 'latency', link: 'media', ms: draw.int(10, 80) },
      { fault: 'latency', link: 'model', ms: draw.int(10, 60) },
      { fault: 'latency', link: 'rest', ms: draw.int(30, 90) },
    ],
    settings: {
      callMsMax: 120_000,
      fallback: { number: draw.chance(50) ? '+15550102' : null, voicemail: draw.chance(30) ? { secondsMax: 5 } : null },
      model: { first: {}, fallback: {} },
    },
    number,
    seed,
  };
  return { scenario, questions: count, faultedQuestion, setupMs, latencyMs };
}

/** The caller hears each reply out. Whoever was not transferred hangs up at the end. */
function caller(draw: Draw, count: number, faultedQuestion: number): CallerScriptInput {
  const first = draw.int(0, 4);
  const steps: CallerScriptInput['steps'][number][] = listening(draw.int(500, 1500));
  for (let turn = 1; turn <= count; turn += 1) {
    steps.push({ say: questions[(first + turn) % questions.length] ?? questions[0] });
    const pauseMs = draw.int(500, 1500);
    steps.push(...listening(turn === faultedQuestion ? faultedPauseMs : pauseMs));
  }
  return { steps: [...steps, { pauseMs: draw.int(0, 1000) }, { hangUp: true }] };
}

function listening(pauseMs: number): CallerScriptInput['steps'][number][] {
  return [
    { waitFor: 'agentSpeaking', withinMs: patienceMs },
    { waitFor: 'agentQuiet', ms: pauseMs, withinMs: patienceMs },
  ];
}

function answer(turn: number, clip: string, wantsTool: boolean): Turn {
  const said = say(clip, turn);
  const call = { name: 'lookup_record', args: { query: `order ${turn}` }, answered: [said] };
  return { heard: heard(turn), steps: wantsTool ? [{ call }] : [said] };
}

function transfer(turn: number): Turn {
  const call = { name: 'transfer_call', args: { destination: 'support' }, answered: [say('goodbye', turn)] };
  return { heard: heard(turn), steps: [{ call }] };
}

function heard(turn: number): string {
  return `And what about my order number ${turn}?`;
}

/** Each turn has words of its own: to say the same again would be a fault. */
function say(clip: string, turn: number): Step & { readonly say: string } {
  return { say: clip, text: `This is what there is to say in turn ${turn}.` };
}
