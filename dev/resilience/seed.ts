import { seededRandom } from '../../src/sim/seeded-random.ts';
import { Draw } from '../../src/sim/seeds/draw.ts';
import { seededDialogue, type Dialogue } from '../../src/sim/seeds/seeded-dialogue.ts';
import { type Moments, faultedScenario, type DialogueFault } from '../../src/sim/seeds/dialogue-fault.ts';
import { mixture, mixtures, dialogueFaults } from '../../src/sim/seeds/dialogue-faults.ts';
import type { WorldObserver } from '../../src/sim/world/world-parts.ts';
import { callerTurns } from '../../src/sim/judges/silence-judge.ts';
import { momentsOf, type PlayedDialogue, playDialogue } from '../../src/sim/run/talk.ts';
import { judgeDialogue, type DialogueVerdict } from '../../src/sim/judges/verdict.ts';
import type { SimulateOptions } from '../../src/sim/run/call.ts';
import { fingerprint } from '../../src/calllog/log-format.ts';

/** The row of dialogues in which nothing goes wrong: what the others are compared with must hold itself. */
const nothing = 'nothing goes wrong';

/** A frame of the line and a frame of what is heard: waits cannot be measured more finely. */
const resolutionMs = 40;

/** Beyond the setup, and beyond setup and answer: what the call itself may take. */
const rotationMsMax = 100;
const crashMsMax = 200;

/** Names of all that can go wrong, in the order of the table. */
export const rows: readonly string[] = [
  nothing,
  ...dialogueFaults.map(({ name }) => name),
  ...mixtures.map(({ name }) => name),
];

/** One dialogue with faults, judged. */
export interface DialogueResult extends DialogueVerdict {
  readonly row: string;
  readonly seed: number;
  /** The extra wait that is allowed; null where only the bounds of silence count. */
  readonly allowedMs: number | null;
}

export type MakeCall = SimulateOptions['makeCall'];

/** Dialogues of one seed: those without faults are played once. */
export class DialogueSeed {
  readonly #seed: number;
  readonly #makeCall: MakeCall;
  readonly #plain = new Map<boolean, { dialogue: Dialogue; without: PlayedDialogue; moments: Moments }>();

  constructor(seed: number, makeCall?: MakeCall) {
    this.#seed = seed;
    this.#makeCall = makeCall;
  }

  /** Plays and judges one row. */
  run(row: string, observer?: WorldObserver): DialogueResult {
    const seed = this.#seed;
    // Each row draws numbers of its own, so that a new one changes no other.
    const draw = new Draw(seededRandom(seed ^ nameHash(row)));
    const faults = faultsOf(row, draw);
    const { dialogue, without, moments } = this.#withoutFaults(faults.some(({ needsTool }) => needsTool));
    const site = { dialogue, moments, draw };
    const { scenario, changes } = faultedScenario(site, faults);
    const played = playDialogue(scenario, this.#makeCall, observer);
    const lineLoses = faults.some((fault) => fault.lineLoses);
    const verdict = judgeDialogue({ dialogue, scenario, changes, lineLoses, played, without });
    return { row, seed, ...verdict, allowedMs: allowedMs(faults, dialogue, played) };
  }

  /** The same call class both times: a defective one is compared with itself when nothing goes wrong. */
  #withoutFaults(needsTool: boolean): { dialogue: Dialogue; without: PlayedDialogue; moments: Moments } {
    const known = this.#plain.get(needsTool);
    if (known !== undefined) return known;
    const dialogue = seededDialogue(this.#seed, needsTool);
    const without = playDialogue(dialogue.scenario, this.#makeCall);
    const made = { dialogue, without, moments: momentsOf(without, dialogue.faultedQuestion) };
    this.#plain.set(needsTool, made);
    return made;
  }
}

function faultsOf(row: string, draw: Draw): readonly DialogueFault[] {
  const mixed = mixtures.find(({ name }) => name === row);
  if (mixed !== undefined) return mixture(draw, mixed.count);
  return dialogueFaults.filter(({ name }) => name === row);
}

/** How much longer the caller may wait; null where only the bounds of silence count. */
function allowedMs(
  faults: readonly DialogueFault[],
  { setupMs, latencyMs, scenario }: Dialogue,
  played: PlayedDialogue,
): number | null {
  const [fault] = faults;
  if (fault === undefined) return resolutionMs;
  if (faults.length > 1 || fault.gap === null) return null;
  const modelLink = (scenario.faults ?? []).find((one) => one.fault === 'latency' && one.link === 'model');
  // The handshake of the socket, the setup, and its answer.
  const openMs = setupMs + 4 * Number(modelLink?.ms ?? 0);
  if (fault.gap === 'crash') return openMs + latencyMs + crashMsMax + resolutionMs;
  return wasQuiet(played) ? resolutionMs : openMs + rotationMsMax + resolutionMs;
}

/** Whether the caller said nothing while the session was replaced. */
function wasQuiet({ timeline, streams }: PlayedDialogue): boolean {
  const said = streams.flatMap(callerTurns);
  const opened = timeline.timesOf('opened');
  return timeline.timesOf('rotation').every((fromMs) => {
    const toMs = opened.find((atMs) => atMs > fromMs) ?? Infinity;
    return !said.some((span) => span.fromMs < toMs && span.toMs > fromMs);
  });
}

function nameHash(name: string): number {
  return Number.parseInt(fingerprint(Buffer.from(name)), 16) >>> 1;
}
