import type { FaultOf } from '../../faults/fault.ts';
import type { Delivery } from '../delivery.ts';
import type { Networks } from '../networks.ts';
import { badGateway } from '../webhook-network.ts';
import type { Processes } from './processes.ts';

/** How processes go, and when others follow them. Each method returns what sets out because of it. */
export class Outages {
  readonly #processes: Processes;
  readonly #networks: Networks;
  readonly #onCallLost: () => void;
  /** How long nobody is there once the service has ended by itself. */
  #restartMs = 0;

  /** `onCallLost`: a process that had the call is gone. */
  constructor(processes: Processes, networks: Networks, onCallLost: () => void) {
    this.#processes = processes;
    this.#networks = networks;
    this.#onCallLost = onCallLost;
  }

  /** The service is about to end by itself. */
  restarting({ downMs }: FaultOf<'serviceRestarted'>): void {
    this.#restartMs = downMs;
  }

  /** A process has ended by itself. */
  stopped(life: number, nowMs: number): readonly Delivery[] {
    const downMs = this.#restartMs;
    if (life === this.#processes.life) return this.kill({ downMs, meanwhile: 'refused' }, nowMs);
    return this.#processes.leaves(life) ? [followedAt(nowMs + downMs)] : [];
  }

  /** The service is gone at once: its sockets break, and whatever was on its way to it is lost. */
  kill({ downMs, meanwhile }: Pick<FaultOf<'serviceKilled'>, 'downMs' | 'meanwhile'>, nowMs: number): Delivery[] {
    // The call may still be with one that stands still, of which the one that dies knows nothing.
    const { hasCall } = this.#processes;
    if (!this.#processes.kill(meanwhile)) return [];
    if (hasCall) this.#onCallLost();
    const { media, model, web } = this.#networks;
    const broken = [...media.crash(nowMs), ...model.crash(nowMs)];
    const answers = this.#processes.takeBroken().flatMap((id) => web.answer(id, badGateway, nowMs));
    return [...broken, ...answers, followedAt(nowMs + downMs)];
  }
}

function followedAt(atMs: number): Delivery {
  return { atMs, to: 'world', restarts: true };
}
