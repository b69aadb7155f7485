import type { Fleet } from '../../../src/host/fleet/fleet.ts';
import { instanceOf } from '../../../src/system/process-name.ts';
import { MemoryStore } from '../../../src/sim/driver/memory-store.ts';
import { type BenchOptions, ServiceBench } from '../service-bench.ts';

/** Several processes with one store, each in virtual time of its own. */
export class FleetScene {
  readonly store = new MemoryStore();
  /** The instances that live, and those of them that take calls. */
  readonly living = new Set<string>();
  readonly takers = new Set<string>();
  /** Those of them that seem to have room. */
  readonly roomy = new Set<string>();
  readonly #benches: ServiceBench[] = [];

  /** Starts a process. */
  starts(instance: string, options: Partial<BenchOptions> = {}): ServiceBench {
    this.living.add(instance);
    this.takers.add(instance);
    this.roomy.add(instance);
    const fleet: Fleet = {
      instance,
      peers: {
        lives: (name) => this.living.has(instanceOf(name) ?? ''),
        successor: () => [...this.takers].find((taker) => taker !== instance) ?? null,
        takerOf: () => [...this.roomy].find((taker) => taker !== instance && this.takers.has(taker)) ?? null,
      },
      streamKeys: ['key'],
    };
    const bench = new ServiceBench({ ...options, store: this.store, fleet });
    this.#benches.push(bench);
    return bench;
  }

  /** Time passes for all of them. */
  passes(ms: number): void {
    for (const bench of this.#benches) bench.passes(ms);
  }
}

/** Where the answer to a webhook leads Twilio: the path with its query, or null. */
export function redirectIn(twiml: string): string | null {
  return /<Redirect method="POST">https:\/\/parley\.example([^<#]+)/.exec(twiml)?.[1]?.replaceAll('&amp;', '&') ?? null;
}
