import { once } from 'node:events';
import { get } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { OperatorOrder } from '../../../src/call/events.ts';
import { ConsoleServer } from '../../../src/console/door/console-server.ts';
import { FleetKey } from '../../../src/console/fleet/fleet-key.ts';
import { FleetPages } from '../../../src/console/fleet/fleet-pages.ts';
import type { FleetMember } from '../../../src/console/fleet/fleet-sites.ts';
import type { Board, BoardChange } from '../../../src/console/live/board.ts';
import { LivePart } from '../../../src/console/live/live-part.ts';
import { recordingPart } from '../../../src/console/recording/recording-part.ts';
import { usualMeans } from '../../../src/console/recording/timeline-setup.ts';
import type { JournaledEntry } from '../../../src/store/journal-entry.ts';
import { pastCallOf } from '../../../src/store/history/history-row.ts';
import type { PastCallStory } from '../../../src/store/history/call-history.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandomness } from '../../../src/system/randomness.ts';
import { Refusals } from '../../../src/system/refusals.ts';
import { LogLines } from '../../log-lines.ts';
import { until } from '../../until.ts';
import { LiveScene } from '../live/recorded-calls.ts';
import { changedBoard } from '../../../web/board/board-state.ts';

export const fleetToken = 'token-of-the-fleet-4711';

/** Made once, because that takes a while. */
export const fleetKey = new FleetKey(fleetToken);

/** What sets a process apart. */
interface SiteSettings {
  readonly token?: string | null;
  readonly recordDir?: string | null;
}

/** The pages of processes that share a database, each a real server. What the database would hold, a test writes down. */
export class SitesScene {
  /** The leases, by instance. */
  readonly members = new Map<string, FleetMember>();
  readonly stories = new Map<string, PastCallStory>();
  /** The database is away. */
  isAway = false;
  /** The database answers when this has resolved. */
  answers: Promise<unknown> = Promise.resolve();

  /** What the journal knows of a call. */
  keeps(
    callSid: string,
    instance: string,
    { recorded = [] as readonly (readonly [by: string, log: string])[], isOver = false } = {},
  ): void {
    const entries = recorded.map(([by, log], at): JournaledEntry => ({
      kind: 'recorded',
      by,
      log,
      fence: at + 1,
      n: 1,
      atMs: 1,
    }));
    const ended = isOver ? { reason: 'callerHungUp', atMs: 2 } : null;
    const call = { callSid, startedAtMs: 1, fence: 1, process: `${instance}.x`, ended, entries };
    this.stories.set(callSid, { call: pastCallOf(call), entries, missing: null });
  }

  async starts(instance: string, { token = fleetToken, recordDir = null }: SiteSettings = {}): Promise<SceneSite> {
    const site = new SceneSite(this, instance, token, recordDir);
    await site.listens();
    this.members.set(instance, { instance, pages: site.server.announced(instance) });
    onTestFinished(() => site.stops());
    return site;
  }

  /** Opens something that is closed with the test. */
  closesWithTest(close: () => void): void {
    onTestFinished(close);
  }
}

/** The pages of one process. */
export class SceneSite {
  readonly server: ConsoleServer;
  readonly live = new LiveScene();
  readonly log = new LogLines();
  readonly orders: (readonly [callSid: string, order: OperatorOrder])[] = [];
  readonly #scene: SitesScene;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(scene: SitesScene, instance: string, token: string | null, recordDir: string | null) {
    this.#scene = scene;
    this.#headers = { authorization: `Bearer ${token ?? 'made'}` };
    const log = this.log.logger;
    const refusals = new Refusals(systemClock, log);
    const history = {
      find: async (callSid: string) => {
        await scene.answers;
        return scene.isAway ? Promise.reject(new Error('away')) : (scene.stories.get(callSid) ?? null);
      },
    };
    const fleet = new FleetPages({
      admin: { port: 0, host: '127.0.0.1', url: null, fleetUrl: null, token, callsAct: false },
      key: token === fleetToken ? fleetKey : FleetKey.of(token),
      instances: [instance],
      members: () => [...scene.members.values()],
      history,
      refusals,
      log,
    });
    const own = this.#livePart();
    const recording = { recordDir, history, placeOf: fleet.recordingPlaces, log };
    this.server = new ConsoleServer({
      parts: [
        fleet.live({ name: instance, part: own, watch: (viewer) => own.watch(viewer) }, (callSid) => own.has(callSid)),
        recordingPart({ ...usualMeans(null), ...recording }),
      ],
      token: { kind: 'chosen', text: token ?? 'made' },
      names: { host: '127.0.0.1', url: null },
      fleet: fleet.door,
      clock: systemClock,
      randomness: systemRandomness,
      refusals,
      log,
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  async listens(): Promise<void> {
    await this.server.listen(0);
  }

  async stops(): Promise<void> {
    await this.server.close();
  }

  async asks(path: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(this.url + path, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { ...this.#headers, 'content-type': 'application/json' },
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  }

  async fetches(path: string): Promise<Response> {
    return fetch(this.url + path, { headers: this.#headers });
  }

  /** Watches the board as a page does. What it shows by now, and null as long as that is nothing. */
  watchesBoard(): () => Board | null {
    let board: Board | null = null;
    let rest = '';
    const asked = get(`${this.url}/api/board/events`, { headers: this.#headers, agent: false }, (answer) => {
      answer.on('data', (piece: Buffer) => {
        const events = (rest + piece.toString()).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) board = shown(board, event);
      });
      answer.on('error', () => {});
    });
    asked.on('error', () => {});
    this.#scene.closesWithTest(() => void asked.destroy());
    return () => board;
  }

  /** What the board shows when somebody opens it. */
  async board(): Promise<Board> {
    const board = this.watchesBoard();
    return until('a board', () => board());
  }

  /** Listens in on a call. */
  async listensIn(callSid: string): Promise<{ readonly socket: WebSocket; readonly heard: Buffer[] }> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/api/live/sound?call=${callSid}`, {
      headers: this.#headers,
    });
    const heard: Buffer[] = [];
    socket.on('message', (data: Buffer) => heard.push(data));
    this.#scene.closesWithTest(() => socket.terminate());
    await once(socket, 'open');
    return { socket, heard };
  }

  #livePart(): LivePart {
    const { calls } = this.live;
    const load = { calls: 0, callsMax: 10, modelSessions: 0, isDraining: false };
    return new LivePart({
      calls,
      summary: () => ({ load: { ...load, calls: calls.live.length }, day: calls.day, problems: [] }),
      order: (callSid, order) => {
        this.orders.push([callSid, order]);
        return { kind: 'taken' };
      },
      clock: systemClock,
      log: this.log.logger,
    });
  }
}

/** The board after an event, as the page has it. */
function shown(board: Board | null, event: string): Board | null {
  const [, name, json] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
  if (json === undefined) return board;
  if (name === 'all') {
    const all: Board = JSON.parse(json);
    return all;
  }
  const change: BoardChange = JSON.parse(json);
  return board === null ? null : changedBoard(board, change);
}
