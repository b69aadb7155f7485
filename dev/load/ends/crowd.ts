import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadReport, Spread } from '../load-orders.ts';
import { LoadCall } from './load-call.ts';
import { tripsOf } from './trip-times.ts';
import { acceptWires, type WireEnd } from './wire-end.ts';
import { wireBytes } from './wire-frames.ts';
import { quantilesOf } from '../../figures/quantiles.ts';

/** How often the calls are asked to send what is due: often, or frames of many calls would come in one burst. */
const beatMs = 2;

/** How long it may take until all calls talk. */
const talkingMsMax = 60_000;

/** How long an interruption may be on its way before it counts as one without a `clear`. */
const clearMsMax = 5_000;

const lookMs = 5;

/** What a setup tells of the call that it is for: the caller's number, or the SID. */
const keyPattern = /plus 1, \d \d \d, 5 5 5, \d \d \d \d|CA[0-9a-f]{32}/;

const setupComplete = wireBytes('{"setupComplete":{}}', false);

/** All calls of this process, and the door at which a bridge asks for their model sessions. */
export class Crowd {
  readonly #calls = new Set<LoadCall>();
  /** Those that were placed to stay, of which `report` tells. */
  readonly #residents: LoadCall[] = [];
  readonly #byKey = new Map<string, LoadCall>();
  #numbered = 0;

  constructor(door: Server) {
    acceptWires(door, (wire) =>
      wire.listen({ onMessage: (setup) => this.#takeSession(wire, setup.toString('latin1')), onClose: () => {} }),
    );
    setInterval(() => {
      const nowMs = performance.now();
      for (const call of this.#calls) call.sendDue(nowMs);
    }, beatMs);
  }

  /** A call that is not placed yet. */
  newCall(port: number): LoadCall {
    const call = new LoadCall(port, this.#numbered);
    this.#numbered += 1;
    this.#calls.add(call);
    this.#byKey.set(call.callSid, call).set(call.spokenFrom, call);
    return call;
  }

  /** The call is over. */
  forget(call: LoadCall): void {
    this.#calls.delete(call);
    this.#byKey.delete(call.callSid);
    this.#byKey.delete(call.spokenFrom);
  }

  /**
   * Places so many more calls, which stay, and waits until all talk. Those that do not are broken. Resolves to how many talk; rejects with the
   * reason when fewer than half do.
   */
  async place(port: number, count: number): Promise<number> {
    const placed = Array.from({ length: count }, () => this.newCall(port));
    this.#residents.push(...placed);
    for (const call of placed) await call.place();
    const untilMs = performance.now() + talkingMsMax;
    while (placed.some(isAwaited) && performance.now() < untilMs) await delay(lookMs);
    for (const { figures } of placed.filter(isAwaited)) figures.broke('nothing is heard');
    const broken = placed.filter(({ figures }) => figures.broken !== '');
    if (2 * broken.length > count)
      throw new Error(`${broken.length} of ${count} calls do not talk: ${broken[0]?.figures.broken}`);
    return count - broken.length;
  }

  startOver(): void {
    for (const { figures } of this.#residents) figures.startOver();
  }

  /** What the calls that stay saw since `startOver`, once the last interruptions have their `clear`. */
  async report(lateMs: number): Promise<LoadReport> {
    const figures = this.#residents.map((call) => call.figures);
    const [up, down] = [tripsOf(figures.map((one) => one.up.tripsMs)), tripsOf(figures.map((one) => one.down.tripsMs))];
    const heard = spreadOf(figures.map((one) => one.heard.share));
    const nowMs = performance.now();
    const waiting = (): number => figures.filter((one) => one.isUnclearSince(nowMs)).length;
    while (waiting() > 0 && performance.now() < nowMs + clearMsMax) await delay(lookMs);
    const broken = figures.filter((one) => one.broken !== '');
    return {
      up,
      down,
      heard,
      lateMs,
      clear: tripsOf(figures.map((one) => one.clearTripsMs)),
      unclear: waiting() + sumOf(figures.map((one) => one.unclear)),
      sessionsLost: sumOf(figures.map((one) => one.sessionsLost)),
      nudges: sumOf(figures.map((one) => one.nudges)),
      broken: broken.length,
      why: broken[0]?.broken ?? '',
    };
  }

  /** A session that is of none of these calls is somebody else's, whose model has nothing to say. */
  #takeSession(wire: WireEnd, setup: string): void {
    const call = this.#byKey.get(keyPattern.exec(setup)?.[0] ?? '');
    if (call !== undefined) return call.takeSession(wire);
    wire.listen({ onMessage: () => {}, onClose: () => {} });
    wire.sendFrames(setupComplete);
  }
}

/** Whether a call may still begin to talk. */
function isAwaited({ figures }: LoadCall): boolean {
  return !figures.isTalking && figures.broken === '';
}

/** The least, the median, and the most of these. Those that could not be told are passed over. */
export function spreadOf(values: readonly number[]): Spread {
  const at = quantilesOf(values.filter((value) => !Number.isNaN(value)));
  return { min: at(0), median: at(0.5), max: at(1) };
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
