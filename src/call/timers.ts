/**
 * Everything a call can wait for. Each name is one slot: setting it again moves it. The line above each name begins with its owner, the
 * only file below `src/call` that sets or clears it, and tells when that is and what follows when it fires. `#fire` of `call.ts` takes
 * it there.
 */
export const timerNames = [
  /** `phone/leg-phases.ts`: from the answer that asks for a stream until one starts. Nobody is there: the call ends. */
  'streamStart',
  /** `phone/leg-phases.ts`: from the end of a stream until Twilio asks what comes next. It is told by REST, or the caller has hung up. */
  'connectAction',
  /** `phone/leg-phases.ts`: from the order by REST until it is confirmed. The call ends. */
  'redirect',
  /** `phone/leg-phases.ts`: from the answer that dials until the dialled leg is over. The call ends. */
  'dial',
  /** `phone/leg-phases.ts`: set with `dial`, longer once the call is answered, cleared once it is taken. Whoever is not back by then talks to somebody: the model session is closed. */
  'dialRing',
  /** `phone/leg-phases.ts`: from the answer that takes a message until there is news of it, shorter once the caller is gone. The call ends. */
  'record',
  /** `phone/leg-phases.ts`: while the call is leaving, moved by each stage of the goodbye. The stream is closed, unless words still play. */
  'goodbye',
  /** `phone/call-limit.ts`: from the first question on, once. The agent says goodbye; while a session is on its way, soon again. */
  'callMax',
  /** `session/model-connection.ts`: from the order of a session until it is there, lost or given up. It counts as lost. */
  'modelOpen',
  /** `session/model-connection.ts`: from the loss of a session until the next try, which it begins. */
  'modelRetry',
  /** `session/recovery.ts`: while there is no session and the caller needs one. The call goes to its fallback. */
  'modelOutage',
  /** `session/rotation.ts`: while there is a session, moved by a notice of its end. It is replaced in the next quiet moment, then at once. */
  'rotation',
  /** `caller/greeting-hold.ts`: from the request to greet until the caller's audio goes to the model, which it brings about. */
  'greetingHold',
  /** `agent/feed-pace.ts`: while words of the agent wait for the caller's ear, moved by whatever is sent. More is sent. */
  'feed',
  /** `agent/feeder.ts`: while Twilio plays, moved by each mark. What was sent counts as heard. */
  'playoutDrain',
  /** `turns/unanswered-caller.ts`: from the end of a caller for whom the agent has stopped until the model shows that it has heard that. The caller's words are said to it again, then it is asked to answer. */
  'bargeIn',
  /** `watchdog/response-watchdog.ts`: while words are expected. A comfort tone or a filler phrase is played. */
  'comfort',
  /** `talk/conversation.ts`: while a model listens or the caller speaks, moved by each frame. When a tick shows that none lies unread, silence counts, and is sent, in its place. */
  'callerSilence',
  /** `watchdog/escalation.ts`: while words are expected of a session that is there. The next step is taken. */
  'escalation',
  /** `watchdog/idle-caller.ts`: while neither side speaks nor must. The agent asks whether the caller is still there. */
  'idle',
  /** `operator/operator-words.ts`: while an operator's words wait for a quiet moment. The model is told them although there is none. */
  'operatorWords',
  /** `tooling/tool-work.ts`: while a tool runs. It is cancelled, and the model is told that it took too long. */
  'tool',
] as const;

export type TimerName = (typeof timerNames)[number];

/** A moment at which the call must be looked at, in ms since it began. */
export interface Deadline {
  readonly atMs: number;
  readonly name: TimerName;
}

const slots: ReadonlyMap<TimerName, number> = new Map(timerNames.map((name, slot) => [name, slot]));

/** The deadlines of one call. They are data: nothing here measures time. */
export class Timers {
  /** One for each name, with Infinity for nothing to wait for: numbers side by side, which each frame moves without making anything. */
  readonly #atMs = new Float64Array(timerNames.length).fill(Infinity);
  #soonestMs = -Infinity;

  /**
   * No deadline is earlier than this. One that is put off, as each frame puts off some, need not be looked for: whoever comes at this time
   * asks `next()`.
   */
  get soonestMs(): number {
    return this.#soonestMs;
  }

  set(name: TimerName, atMs: number): void {
    this.#atMs[slots.get(name) ?? 0] = atMs;
    if (atMs < this.#soonestMs) this.#soonestMs = atMs;
  }

  clear(name: TimerName): void {
    this.#atMs[slots.get(name) ?? 0] = Infinity;
  }

  clearAll(): void {
    this.#atMs.fill(Infinity);
    this.#soonestMs = -Infinity;
  }

  /** The earliest deadline, and of two at the same time the one that is declared first; null when nothing is waited for. */
  next(): Deadline | null {
    let earliest = -1;
    let earliestMs = Infinity;
    for (let slot = 0; slot < this.#atMs.length; slot += 1) {
      const atMs = this.#atMs[slot] ?? Infinity;
      if (atMs >= earliestMs) continue;
      earliest = slot;
      earliestMs = atMs;
    }
    const name = timerNames[earliest];
    this.#soonestMs = name === undefined ? -Infinity : earliestMs;
    return name === undefined ? null : { atMs: earliestMs, name };
  }

  /** Takes the earliest deadline that is due at `nowMs` out of its slot. */
  takeDue(nowMs: number): TimerName | null {
    if (nowMs < this.#soonestMs) return null;
    const earliest = this.next();
    if (earliest === null || earliest.atMs > nowMs) return null;
    this.clear(earliest.name);
    return earliest.name;
  }
}
