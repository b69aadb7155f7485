import { seededRandom } from '../../src/sim/seeded-random.ts';
import { Draw } from '../../src/sim/seeds/draw.ts';
import { seededTalk, type Talk } from '../../src/sim/seeds/seeded-talk.ts';
import { type Moments, struckScenario, type TalkFault } from '../../src/sim/seeds/talk-fault.ts';
import { mixture, mixtures, talkFaults } from '../../src/sim/seeds/talk-faults.ts';
import type { WorldObserver } from '../../src/sim/world/world.ts';
import { callerTurns } from '../../src/sim/judges/silence-judge.ts';
import { momentsOf, type PlayedTalk, playTalk } from '../../src/sim/run/talk.ts';
import { judgeTalk, type Verdict } from '../../src/sim/judges/verdict.ts';
import type { SimulateOptions } from '../../src/sim/run/call.ts';
import { fingerprint } from '../../src/calllog/log-format.ts';

/** The row of talks in which nothing goes wrong: what the others are compared with must hold itself. */
const nothing = 'nothing goes wrong';

/** A moment of the line and one of the ear: finer than this no wait can be told from another. */
const resolutionMs = 40;

/** Beyond the setup, and beyond setup and answer: what the call itself may take. */
const rotationMsMax = 100;
const crashMsMax = 200;

/** Names of all that can go wrong, in the order of the table. */
export const rows: readonly string[] = [
  nothing,
  ...talkFaults.map(({ name }) => name),
  ...mixtures.map(({ name }) => name),
];

/** One talk with faults, judged. */
export interface TalkResult extends Verdict {
  readonly row: string;
  readonly seed: number;
  /** The extra wait that is allowed; null where only the bounds of silence count. */
  readonly allowedMs: number | null;
}

export type MakeCall = SimulateOptions['makeCall'];

/** Talks of one seed: those without faults are played once. */
export class TalkSeed {
  readonly #seed: number;
  readonly #makeCall: MakeCall;
  readonly #plain = new Map<boolean, { talk: Talk; without: PlayedTalk; moments: Moments }>();

  constructor(seed: number, makeCall?: MakeCall) {
    this.#seed = seed;
    this.#makeCall = makeCall;
  }

  /** Plays and judges one row. */
  run(row: string, observer?: WorldObserver): TalkResult {
    const seed = this.#seed;
    // Each row draws numbers of its own, so that a new one changes no other.
    const draw = new Draw(seededRandom(seed ^ nameHash(row)));
    const faults = faultsOf(row, draw);
    const { talk, without, moments } = this.#withoutFaults(faults.some(({ needsTool }) => needsTool));
    const struck = { talk, moments, draw };
    const { scenario, blows } = struckScenario(struck, faults);
    const played = playTalk(scenario, this.#makeCall, observer);
    const lineLoses = faults.some((fault) => fault.lineLoses);
    const verdict = judgeTalk({ talk, scenario, blows, lineLoses, played, without });
    return { row, seed, ...verdict, allowedMs: allowedMs(faults, talk, played) };
  }

  /** The same core throughout: a defective one is judged by what it does itself when nothing goes wrong. */
  #withoutFaults(needsTool: boolean): { talk: Talk; without: PlayedTalk; moments: Moments } {
    const known = this.#plain.get(needsTool);
    if (known !== undefined) return known;
    const talk = seededTalk(this.#seed, needsTool);
    const without = playTalk(talk.scenario, this.#makeCall);
    const made = { talk, without, moments: momentsOf(without, talk.struck) };
    this.#plain.set(needsTool, made);
    return made;
  }
}

function faultsOf(row: string, draw: Draw): readonly TalkFault[] {
  const mixed = mixtures.find(({ name }) => name === row);
  if (mixed !== undefined) return mixture(draw, mixed.count);
  return talkFaults.filter(({ name }) => name === row);
}

/** How much longer the caller may wait; null where only the bounds of silence count. */
function allowedMs(
  faults: readonly TalkFault[],
  { setupMs, latencyMs, scenario }: Talk,
  played: PlayedTalk,
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
function wasQuiet({ diary, ears }: PlayedTalk): boolean {
  const said = ears.flatMap(callerTurns);
  const opened = diary.timesOf('opened');
  return diary.timesOf('rotation').every((fromMs) => {
    const toMs = opened.find((atMs) => atMs > fromMs) ?? Infinity;
    return !said.some((span) => span.fromMs < toMs && span.toMs > fromMs);
  });
}

function nameHash(name: string): number {
  return Number.parseInt(fingerprint(Buffer.from(name)), 16) >>> 1;
}
