import { MovedTimer, type VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import type { Alarm } from '../../src/system/alarms.ts';
import type { Clock, Timer } from '../../src/system/clock.ts';

/** The clock of a process that may stand still or be killed, while time passes for others. */
export class ProcessClock implements Clock {
  readonly #world: VirtualClock;
  readonly #aheadMs: number;
  #state: 'runs' | 'stands' | 'dead' = 'runs';
  #late: (() => void)[] = [];

  /** `aheadMs`: how far its calendar is ahead of that of the others. */
  constructor(world: VirtualClock, aheadMs = 0) {
    this.#world = world;
    this.#aheadMs = aheadMs;
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  nowMs(): number {
    return this.#world.nowMs();
  }

  unixMs(): number {
    return this.#world.unixMs() + this.#aheadMs;
  }

  after(ms: number, fire: () => void): Timer {
    let isCancelled = false;
    const due = (): void => {
      if (isCancelled || this.#state === 'dead') return;
      if (this.#state === 'stands') this.#late.push(due);
      else fire();
    };
    const timer = this.#world.after(ms, due);
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  alarm(fire: () => void): Alarm {
    return new MovedTimer(this, fire);
  }

  lazily(ms: number, fire: () => void): Timer {
    return this.after(ms, fire);
  }

  soon(fire: () => void): void {
    this.#world.soon(fire);
  }

  /** As after SIGSTOP. */
  stop(): void {
    this.#state = 'stands';
  }

  /** As after SIGCONT: what became due meanwhile happens now. */
  goOn(): void {
    this.#state = 'runs';
    for (const due of this.#late.splice(0)) due();
  }

  /** As after SIGKILL. */
  kill(): void {
    this.#state = 'dead';
  }
}
