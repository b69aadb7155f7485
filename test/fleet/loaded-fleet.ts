import { seededRandom } from '../../src/sim/seeded-random.ts';
import { type FleetProcess, FleetScene } from './fleet-scene.ts';

const callsMax = 150;
const processes = 5;

/** A caller comes this often. Calls last so long that one and a half times the limit would be needed. */
const everyMs = 10;
const callMs = { min: 500, max: 4_000 };

type Trouble = 'kill' | 'stop' | 'cutOff' | 'late';

/** Callers without end, and processes that something happens to. */
export class LoadedFleet {
  readonly scene: FleetScene;
  readonly #next: () => number;
  readonly #troubles: readonly Trouble[];
  readonly #ends = new Map<string, number>();
  readonly #cutOff = new Set<string>();
  admitted = 0;
  refused = 0;
  /** How many were taken by another process than the one to which they came. */
  sentOn = 0;
  killed = 0;
  /** The most calls beyond the limit, and the most of them that no process which was cut off had. */
  overMost = 0;
  unexplainedMost = 0;

  /** `ownCallsMax`: how many calls each process takes at most. */
  constructor(seed: number, troubles: readonly Trouble[], ownCallsMax = callsMax) {
    this.scene = new FleetScene(callsMax, ownCallsMax);
    this.#next = seededRandom(seed);
    this.#troubles = troubles;
    this.scene.fleet(processes);
  }

  runs(admissions: number): this {
    while (this.admitted < admissions) {
      // Every 25 s on average.
      if (this.#upTo(2_500) === 0) this.#trouble();
      this.scene.passes(everyMs);
      this.#hangUp();
      this.#arrive();
      const over: number = this.scene.liveCalls - callsMax;
      this.overMost = Math.max(this.overMost, over);
      this.unexplainedMost = Math.max(this.unexplainedMost, over - this.#callsCutOff(over));
    }
    return this;
  }

  /** How many live calls are with a process that is cut off, or were. */
  #callsCutOff(over: number): number {
    const cutOff = this.scene.living.filter(({ keeper, isCutOff }) => isCutOff || keeper.state.kind !== 'held');
    for (const { calls } of cutOff) for (const callSid of calls) this.#cutOff.add(callSid);
    if (over <= 0) return 0;
    const live = new Set(this.scene.processes.flatMap(({ calls }) => [...calls]));
    return [...this.#cutOff].filter((callSid) => live.has(callSid)).length;
  }

  #arrive(): void {
    const { living } = this.scene;
    const process = living[this.#upTo(living.length)];
    const callSid = this.scene.newCall();
    const taker = process === undefined ? null : this.scene.offers(process, callSid);
    const isTaken = taker !== null;
    this.admitted += isTaken ? 1 : 0;
    this.refused += isTaken ? 0 : 1;
    this.sentOn += isTaken && taker !== process ? 1 : 0;
    if (isTaken) this.#ends.set(callSid, this.scene.world.nowMs() + callMs.min + this.#upTo(callMs.max - callMs.min));
  }

  #hangUp(): void {
    const nowMs = this.scene.world.nowMs();
    for (const process of this.scene.processes) {
      for (const callSid of process.calls) if ((this.#ends.get(callSid) ?? 0) <= nowMs) process.calls.delete(callSid);
    }
  }

  #trouble(): void {
    const sound = this.scene.living.filter(({ isCutOff }) => !isCutOff);
    const process = sound[this.#upTo(sound.length)];
    const kind = this.#troubles[this.#upTo(this.#troubles.length)];
    // Somebody must be left.
    if (process === undefined || kind === undefined || sound.length < 3) return;
    if (kind === 'kill') return this.#kill(process);
    const pauseMs = 1_000 + this.#upTo(30_000);
    const { world } = this.scene;
    switch (kind) {
      case 'stop':
        process.clock.stop();
        return void world.after(pauseMs, () => process.clock.isDead || process.clock.goOn());
      case 'cutOff':
        process.isCutOff = true;
        return void world.after(pauseMs, () => (process.isCutOff = false));
      case 'late':
        process.isLate = true;
        return void world.after(pauseMs, () => (process.isLate = false));
    }
  }

  /** Another one takes its place. */
  #kill(process: FleetProcess): void {
    this.killed += 1;
    process.clock.kill();
    this.scene.world.after(this.#upTo(15_000), () => this.scene.starts(process.instance));
  }

  #upTo(count: number): number {
    return this.#next() % count;
  }
}
