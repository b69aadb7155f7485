import { setTimeout as delay } from 'node:timers/promises';
import { AttackerModel } from './attacker-model.ts';
import { Lateness } from './lateness.ts';
import type { SiegeGroup } from './siege-groups.ts';
import { SiegeGround } from './siege-ground.ts';
import type { SiegeKind } from './siege-kind.ts';
import { SiegePeers } from './siege-peers.ts';
import { SiegeService } from './siege-service.ts';
import {
  type Delays,
  delaysBeyond,
  delaysOf,
  isMeasured,
  lossesOf,
  type SiegeSight,
  type SiegeVerdict,
} from './siege-verdict.ts';

/** How often a kind is tried when the machine was too busy to measure. */
const triesMax = 3;

/** How many quiet phases a group begins with: the first one warms the service up. */
const quietTriesMax = 2;

/** How long a run of all kinds may take. Nothing is tried again when that would take the time from what is still to come. */
const wholeMsMax = 345_000;

/** What it takes to start a service for a group and to wait for its call, and to look after each attack what is left of it. */
const startMs = 3_000;
const lookMs = 400;

/** What an attack leaves behind is still seen by it, and not by the next one. */
const restMs = 200;

/** How a siege is run. */
export interface SiegeOptions {
  readonly groups: readonly SiegeGroup[];
  /** How long each attack lasts, and the quiet phase before each group. */
  readonly lastsMs: number;
  /** Whether delays count. If not, only what is lost does, which holds on a busy machine as well. */
  readonly countsDelays: boolean;
  readonly onRow?: (row: SiegeRow) => void;
}

/** What one kind of abuse did. */
export interface SiegeRow {
  readonly group: string;
  readonly kind: string;
  readonly verdict: SiegeVerdict;
  /** Why it failed; empty when it did not. */
  readonly why: readonly string[];
  readonly quiet: Delays;
  readonly delays: Delays;
  readonly sight: SiegeSight;
  readonly loggedBytes: number;
  readonly tries: number;
}

/** Attacks the real service in every way, one after the other, beside one healthy call. */
export async function runSiege(options: SiegeOptions): Promise<readonly SiegeRow[]> {
  const model = new AttackerModel();
  const peers = await SiegePeers.start((socket) => model.take(socket));
  const siege = new Siege(options, peers, model);
  try {
    for (const group of options.groups) await siege.attackFrom(group);
    return siege.rows;
  } finally {
    await siege.stop();
    peers.stop();
  }
}

class Siege {
  readonly rows: SiegeRow[] = [];
  readonly #options: SiegeOptions;
  readonly #peers: SiegePeers;
  readonly #model: AttackerModel;
  readonly #lateness = new Lateness();
  readonly #beginsMs = performance.now();
  #service: SiegeService | null = null;
  #quiet: Delays = delaysOf([]);

  constructor(options: SiegeOptions, peers: SiegePeers, model: AttackerModel) {
    this.#options = options;
    this.#peers = peers;
    this.#model = model;
  }

  /** Every group meets a fresh service, and is compared with a quiet phase of its own. */
  async attackFrom(group: SiegeGroup): Promise<void> {
    await this.stop();
    if (this.#options.countsDelays) this.#quiet = await this.#quietDelays();
    for (const kind of group.kinds) await this.#judge(group, kind);
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  /** The call without an attack. A service that has just started is slower than it will be, so the best of two counts. */
  async #quietDelays(): Promise<Delays> {
    const found: Delays[] = [];
    while (found.length < quietTriesMax) {
      const { health } = await this.#look(() => delay(this.#options.lastsMs));
      found.push(delaysOf(health.tripsMs));
    }
    return found.reduce((best, next) => (next.p99Ms < best.p99Ms ? next : best));
  }

  async #judge(group: SiegeGroup, kind: SiegeKind): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const row = await this.#attack(group, kind, tries);
      // What was broken must not be blamed on what comes next.
      if (row.verdict === 'FAIL') await this.stop();
      if (row.verdict === 'void' && tries < triesMax && this.#hasTime()) continue;
      this.rows.push(row);
      this.#options.onRow?.(row);
      return;
    }
  }

  /** Whether there is time for another try, beside all that is still to come. */
  #hasTime(): boolean {
    const { groups, lastsMs } = this.#options;
    const kinds = groups.flatMap((group) => group.kinds).length - this.rows.length;
    const begun = new Set(this.rows.map(({ group }) => group)).size;
    const neededMs = (kinds + 1) * (lastsMs + lookMs) + (groups.length - begun) * (startMs + quietTriesMax * lastsMs);
    return performance.now() - this.#beginsMs + neededMs < wholeMsMax;
  }

  async #attack(group: SiegeGroup, { name, attack }: SiegeKind, tries: number): Promise<SiegeRow> {
    let loggedBytes = 0;
    const sight = await this.#look(async (service) => {
      const ground = new SiegeGround(service, this.#model, this.#options.lastsMs);
      const loggedBefore = service.loggedBytes;
      await attack(ground);
      await ground.leave();
      loggedBytes = service.loggedBytes - loggedBefore;
    });
    const { countsDelays } = this.#options;
    const why = [...lossesOf(sight), ...(countsDelays ? delaysBeyond(sight, this.#quiet) : [])];
    const passed = countsDelays && !isMeasured(sight) ? 'void' : 'PASS';
    const verdict = why.length > 0 ? 'FAIL' : passed;
    const delays = delaysOf(sight.health.tripsMs);
    return { group: group.name, kind: name, verdict, why, quiet: this.#quiet, delays, sight, loggedBytes, tries };
  }

  /** Looks at the healthy call while something is done. */
  async #look(act: (service: SiegeService) => Promise<void>): Promise<SiegeSight> {
    const service = this.#service ?? (await this.#start());
    service.forgetPeak();
    this.#peers.measure();
    this.#lateness.startOver();
    await act(service);
    const generatorLateMs = this.#lateness.p99Ms;
    await delay(restMs);
    const health = await this.#peers.report();
    return { health, peakMb: service.peakMb, generatorLateMs };
  }

  async #start(): Promise<SiegeService> {
    // The healthy caller is made of tones, in which the ear hears nobody: so its model decides when it is interrupted.
    const service = await SiegeService.start(this.#peers.modelUrl, { BARGE_IN: 'off' });
    this.#service = service;
    await this.#peers.call(service.port);
    return service;
  }
}
