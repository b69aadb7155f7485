import type { Socket } from 'node:net';
import type { LeaseKeeper } from '../fleet/lease-keeper.ts';
import type { LivingProcess } from '../fleet/lease.ts';
import type { Service } from '../service/start-service.ts';
import type { Journal } from '../store/journal.ts';
import type { WorkerNews, WorkerOrder } from './worker-news.ts';

/** How often it is looked whether the load has changed, and how often it is told anyway. */
const lookMs = 100;
const signMs = 1_000;

/** Calls that wait for their process to come back are fewer. */
const callsToldMax = 10_000;

/** What a worker is to the process that has started it. */
export interface WorkerLinkParts {
  readonly service: Service;
  readonly journal: Journal;
  readonly lease: LeaseKeeper | null;
  /** Leaves the calls after so long and ends the process. To be called once. */
  readonly stop: (drainMsMax: number) => void;
}

/** Answers on the connections that the parent hands on, and tells it of the load. Without the parent, the calls are left and this process ends. */
export async function serveParent({ service, journal, lease, stop }: WorkerLinkParts): Promise<void> {
  const { registry, admin } = service;
  let isLeaving = false;
  const leave = (drainMsMax: number): void => {
    isLeaving = true;
    stop(drainMsMax);
  };
  process.on('message', (order: WorkerOrder, socket: Socket | undefined) => {
    if (order.order === 'stop') leave(order.drainMsMax);
    else if (socket !== undefined) service.take(socket, order.start);
  });
  // Who waits for the calls of this process no longer waits.
  process.once('disconnect', () => (isLeaving ? process.exit(1) : leave(0)));
  const unfinished = await journal.unfinished();
  tell({
    news: 'up',
    adminPort: admin?.port ?? null,
    calls: unfinished.slice(-callsToldMax).map(({ callSid }) => callSid),
  });
  let told = '';
  let toldAtMs = 0;
  let known: ReadonlySet<string> = new Set();
  let toldLiving: readonly LivingProcess[] = [];
  setInterval(() => {
    const { taken, noRoom } = registry;
    const load = `${taken} ${noRoom}`;
    const live = registry.live.map(({ callSid }) => callSid);
    const begun = live.filter((callSid) => !known.has(callSid));
    const nowMs = performance.now();
    if (load === told && begun.length === 0 && nowMs - toldAtMs < signMs) return;
    told = load;
    toldAtMs = nowMs;
    known = new Set(live);
    const living = lease === null || lease.living === toldLiving ? null : lease.living;
    toldLiving = living ?? toldLiving;
    tell({ news: 'load', taken, noRoom, begun, living });
  }, lookMs).unref();
}

function tell(news: WorkerNews): void {
  // The channel may close at any moment, which is heard by itself.
  if (process.connected) process.send?.(news, undefined, undefined, () => {});
}
