import type { CarrierNote } from '../../../src/sim/carrier/carrier-events.ts';
import type { Fault } from '../../../src/sim/faults/fault.ts';
import { type PlayedDialogue, playDialogue } from '../../../src/sim/run/talk.ts';
import { Draw } from '../../../src/sim/seeds/draw.ts';
import { type DialogueScenario, seededDialogue } from '../../../src/sim/seeds/seeded-dialogue.ts';
import type { FleetScript } from '../../../src/sim/world/processes/fleet-processes.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';

const instances = ['a', 'b', 'c'];

/** Most dialogues last longer. */
const strikeMsMax = 24_000;

/** What befell one call among three processes, as far as it is judged. */
export interface FleetCall {
  readonly seed: number;
  readonly played: PlayedDialogue;
  readonly struckAtMs: readonly number[];
  /** When a process took the call from another one. */
  readonly takenAtMs: readonly number[];
  /** Names of the prompts that the models got, in order. */
  readonly prompts: readonly string[];
  /** Sessions that were opened by a process that took the call, and knew nothing of it. */
  readonly ignorant: number;
}

/** Plays a seeded call among three processes; the one that has the call is struck at the moments that `strike` says. */
export function playFleet(
  seed: number,
  times: number,
  strike: (atMs: number, draw: Draw) => Fault,
  needsTool = false,
): FleetCall {
  const { scenario } = seededDialogue(seed, needsTool);
  const draw = new Draw(seededRandom(seed ^ 0xf1ee7));
  // Some while the phone still rings.
  const struckAtMs = Array.from({ length: times }, () => draw.int(0, draw.chance(15) ? 400 : strikeMsMax));
  const faults = [...(scenario.faults ?? []), ...struckAtMs.map((atMs) => strike(atMs, draw))];
  return { ...playAmong(seed, { ...scenario, faults }), struckAtMs };
}

/** Plays a call among three processes. `hasRoom`: whether an instance has room for a new call at a moment; always unless set. */
export function playAmong(seed: number, scenario: DialogueScenario, hasRoom?: FleetScript['hasRoom']): FleetCall {
  const takenAtMs: number[] = [];
  const prompts: string[] = [];
  let isTaken = false;
  let ignorant = 0;
  const played = playDialogue(
    scenario,
    undefined,
    {
      onNote: () => {},
      onFault: () => {},
      onStep(atMs, event, effects) {
        if (event.type === 'call.restored') {
          takenAtMs.push(atMs);
          isTaken = event.memory.items.some(({ kind }) => kind === 'said');
        }
        for (const effect of effects) {
          if (effect.type === 'model.sendText') prompts.push(...effect.prompts);
          if (effect.type === 'model.open' && isTaken && effect.handle === null && effect.recap === null) ignorant += 1;
        }
      },
    },
    { instances, ...(hasRoom && { hasRoom }) },
  );
  return { seed, played, struckAtMs: [], takenAtMs, prompts, ignorant };
}

/** Requests of the phone network that failed or were made again, and problems that it reports, but for those of closed streams. */
export function troubleOf({ played }: FleetCall, closeCodes: readonly number[]): readonly CarrierNote[] {
  return played.timeline.notes.filter((note) => {
    if (note.kind === 'webhook.answered') return note.status >= 300;
    if (note.kind === 'problem') return !closeCodes.includes(note.code);
    return note.kind === 'webhook.failed' || note.kind === 'webhook.retried';
  });
}

/** Whether the call came to the end that its caller wanted, with all that there was to say. */
export function wentOn({ played }: FleetCall): boolean {
  const { call, timeline } = played;
  const isWanted = call.endReason === 'callerHungUp' || call.endReason === 'transferred';
  const gaveUp = timeline.notes.some(({ kind }) => kind === 'caller.gaveUpWaiting' || kind === 'verb.say');
  return call.broken.length === 0 && isWanted && !gaveUp;
}

/** How often a tool was run that had run before. */
export function toolsTwice({ played }: FleetCall): number {
  const ids = played.timeline.entries.filter(({ kind }) => kind === 'toolRun').map(({ about }) => about);
  return ids.length - new Set(ids).size;
}

/** How long the caller heard nothing at all after a moment; null when the call was over. */
export function silenceMs({ played }: FleetCall, fromMs: number): number | null {
  for (const stream of played.streams) {
    const at = stream.heard.findIndex((sound, index) => sound !== 'nothing' && stream.fromMs + index * 20 > fromMs);
    if (at !== -1) return stream.fromMs + at * 20 - fromMs;
  }
  return null;
}

/** How long there was no stream between two of them, at most. */
export function gapMs({ played }: FleetCall): number {
  const { streams } = played;
  return Math.max(0, ...streams.slice(1).map((stream, index) => stream.fromMs - (streams[index]?.toMs ?? 0)));
}
