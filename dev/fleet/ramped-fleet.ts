import { seededRandom } from '../../src/sim/seeded-random.ts';
import { type FleetProcess, FleetScene } from '../../test/fleet/fleet-scene.ts';
import { Autoscaler } from './autoscaler.ts';
import type { ScalingManifest } from './scaling-manifest.ts';

/** How often the autoscaler looks, unless its cluster says otherwise. */
const lookMs = 15_000;

/** Callers who come evenly and stay. */
export interface Ramp {
  readonly calls: number;
  readonly rampMs: number;
  /** How long a process takes to start, from the decision on. */
  readonly startMs: number;
}

/** The fleet at a moment. */
export interface RampMoment {
  readonly atMs: number;
  readonly calls: number;
  readonly wanted: number;
  readonly ready: number;
  readonly refused: number;
}

/**
 * A ramp of callers, processes that share the limit by their leases, and the autoscaler that decides how many there are, in virtual time. As
 * in the cluster, new calls are led to any pod that was ready when it was asked last, and sent on by one that has no room.
 */
export class RampedFleet {
  readonly #manifest: ScalingManifest;
  readonly #ramp: Ramp;
  readonly #next: () => number;
  readonly #scene: FleetScene;
  readonly #autoscaler: Autoscaler;
  readonly #ready = new Set<FleetProcess>();
  readonly #beginMs: number;
  #callsSeen = 0;
  #refused = 0;

  /** `seed`: where calls are led, and when in its turn everybody begins to look. */
  constructor(manifest: ScalingManifest, ramp: Ramp, seed: number) {
    this.#manifest = manifest;
    this.#ramp = ramp;
    this.#next = seededRandom(seed);
    this.#scene = new FleetScene(manifest.callsMax, manifest.callsCarried);
    this.#autoscaler = new Autoscaler(manifest);
    for (const process of this.#scene.fleet(manifest.podsMin)) this.#probe(process);
    this.#scene.passes(manifest.probeMs);
    this.#beginMs = this.#scene.world.nowMs();
    this.#repeat(manifest.scrapeMs, () => (this.#callsSeen = this.#scene.liveCalls));
    this.#repeat(lookMs, () => this.#scale());
  }

  get refused(): number {
    return this.#refused;
  }

  /** Plays the ramp and what comes after it, and shows the fleet every so often. */
  plays(untilMs: number, stepMs: number): RampMoment[] {
    const { calls, rampMs } = this.#ramp;
    const { world } = this.#scene;
    for (let call = 0; call < calls; call += 1) world.after((call * rampMs) / calls, () => this.#arrive());
    return Array.from({ length: Math.floor(untilMs / stepMs) + 1 }, (_, step) => {
      if (step > 0) this.#scene.passes(stepMs);
      return this.#moment;
    });
  }

  get #moment(): RampMoment {
    const { liveCalls, world } = this.#scene;
    const [wanted, refused] = [this.#autoscaler.pods, this.#refused];
    const ready = this.#scene.processes.filter(({ beginning }) => beginning?.kind === 'held').length;
    return { atMs: world.nowMs() - this.#beginMs, calls: liveCalls, wanted, ready, refused };
  }

  #scale(): void {
    const added = this.#autoscaler.looks(this.#scene.world.nowMs(), this.#callsSeen);
    for (let pod = 0; pod < added; pod += 1) {
      this.#scene.world.after(this.#ramp.startMs, () => this.#probe(this.#scene.starts()));
    }
  }

  #probe(process: FleetProcess): void {
    this.#repeat(this.#manifest.probeMs, () => {
      if (process.room > 0) this.#ready.add(process);
      else this.#ready.delete(process);
    });
  }

  /** Where none is ready, any of them answers. */
  #arrive(): void {
    const asked = this.#ready.size > 0 ? [...this.#ready] : this.#scene.processes;
    const process = asked[this.#next() % asked.length];
    const taker = process === undefined ? null : this.#scene.offers(process, this.#scene.newCall());
    if (taker === null) this.#refused += 1;
  }

  #repeat(ms: number, work: () => void): void {
    const { world } = this.#scene;
    const again = (): void => {
      work();
      world.after(ms, again);
    };
    world.after(this.#next() % ms, again);
  }
}
