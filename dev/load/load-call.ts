import type { WebSocket } from 'ws';
import { SiegeLine } from '../siege/siege-line.ts';
import {
  bytesOf,
  chunkLengthsMs,
  chunkMessage,
  framePayloads,
  markOfMulaw,
  marks,
  marksOfPcm,
  textMember,
} from './marked-sound.ts';
import { TripTimes } from './trip-times.ts';

/** As Twilio sends them (TW-STREAM-4). */
const frameMs = 20;

/** The agent speaks for so long, and is silent for as long. */
const turnMs = 2_500;

/** How much faster than it is played the model sends its sound. */
const rush = 3;

/** Of so many turns one is cut off by the caller, when so much of it was sent. */
const turnsPerInterruption = 3;
const interruptedAfterMs = 400;

const interruption = '{"serverContent":{"interrupted":true}}';
const generationEnd = '{"serverContent":{"generationComplete":true}}';
const turnEnd = '{"serverContent":{"turnComplete":true}}';

/** Both ends of a call that is at load: the caller sends a frame every 20 ms, and the agent speaks half of the time. */
export class LoadCall {
  readonly up = new TripTimes();
  readonly down = new TripTimes();
  readonly #line: SiegeLine;
  /** Some models send chunks of 40 to 100 ms, and some longer ones. */
  readonly #chunksMs: readonly number[];
  /** Calls do not begin in step. */
  readonly #phase: number;
  #phone: WebSocket | null = null;
  #model: WebSocket | null = null;
  #isSetUp = false;
  #beginsMs = Number.NaN;
  #frames = 0;
  #chunks = 0;
  #turns = 0;
  /** When the present turn began, and how much of it was sent. */
  #turnAtMs = Number.NaN;
  #turnSentMs = 0;
  #playedUntilMs = 0;
  #waitingMarks: { readonly message: string; readonly atMs: number }[] = [];
  #interruptedMs = Number.NaN;
  clearTripsMs: number[] = [];
  unclear = 0;
  #heardMs = 0;
  #spokenMs = 0;
  broken = '';
  /** Sessions that the bridge closed before the call was over. */
  sessionsLost = 0;

  constructor(port: number, number: number) {
    this.#line = new SiegeLine(port);
    this.#chunksMs =
      number % 2 === 0 ? chunkLengthsMs.filter((ms) => ms <= 100) : chunkLengthsMs.filter((ms) => ms > 100);
    this.#phase = ((number * 0.618) % 1) * 2 * turnMs;
  }

  /** Whether the next model session is this call's. */
  get wantsSession(): boolean {
    return this.#model === null;
  }

  get isTalking(): boolean {
    return this.up.tripsMs.length > 10 && this.down.tripsMs.length > 3;
  }

  /** Milliseconds that the model got for each that the caller spoke, since `startOver`. */
  get heardShare(): number {
    return this.#heardMs / this.#spokenMs;
  }

  startOver(): void {
    this.up.startOver();
    this.down.startOver();
    this.clearTripsMs = [];
    this.unclear = 0;
    this.#heardMs = 0;
    this.#spokenMs = 0;
  }

  async place(): Promise<void> {
    if (!(await this.#line.dial())) throw new Error('the call was not taken');
    const phone = await this.#line.openStream();
    phone.on('message', (data: Buffer) => this.#phoneHears(data.toString('latin1')));
    phone.on('close', (code) => this.#break(`its stream was closed with ${code}`));
    this.#phone = phone;
    this.#beginsMs = performance.now();
  }

  /** The bridge opens a model session. One that it replaces is closed. */
  takeSession(socket: WebSocket): void {
    this.#model = socket;
    this.#isSetUp = false;
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.#modelHears(data.toString('latin1')));
    socket.on('close', () => {
      if (this.#model !== socket) return;
      this.#model = null;
      this.sessionsLost += 1;
    });
  }

  /** Sends what is due by now. */
  speak(nowMs: number): void {
    const [phone, model] = [this.#phone, this.#model];
    if (phone === null || this.broken !== '') return;
    while (this.#beginsMs + this.#frames * frameMs <= nowMs) this.#sendFrame(phone, nowMs);
    while ((this.#waitingMarks[0]?.atMs ?? Infinity) <= nowMs) phone.send(this.#waitingMarks.shift()?.message ?? '');
    if (model !== null && this.#isSetUp) this.#speakAsModel(model, nowMs);
  }

  #sendFrame(phone: WebSocket, nowMs: number): void {
    const mark = this.#frames % marks;
    this.up.sent(mark, nowMs);
    phone.send(this.#line.mediaMessage(framePayloads[mark] ?? '', this.#frames * frameMs));
    this.#frames += 1;
    this.#spokenMs += frameMs;
  }

  #speakAsModel(model: WebSocket, nowMs: number): void {
    const sinceMs = nowMs - this.#beginsMs + this.#phase;
    const turn = Math.floor(sinceMs / (2 * turnMs));
    if (turn > this.#turns) {
      this.#turns = turn;
      this.#turnAtMs = nowMs;
      this.#turnSentMs = 0;
    }
    if (Number.isNaN(this.#turnAtMs)) return;
    while (this.#turnSentMs < turnMs && this.#turnAtMs + this.#turnSentMs / rush <= nowMs) {
      const lengthMs = this.#chunksMs[this.#chunks % this.#chunksMs.length] ?? 0;
      this.down.sent(this.#chunks, nowMs);
      model.send(chunkMessage(lengthMs, this.#chunks));
      this.#chunks += 1;
      this.#turnSentMs += lengthMs;
    }
    const isCutOff = turn % turnsPerInterruption === 0 && this.#turnSentMs >= interruptedAfterMs;
    if (!isCutOff && this.#turnSentMs < turnMs) return;
    if (isCutOff) this.#interrupt(model, nowMs);
    else model.send(generationEnd);
    model.send(turnEnd);
    this.#turnAtMs = Number.NaN;
  }

  #interrupt(model: WebSocket, nowMs: number): void {
    if (!Number.isNaN(this.#interruptedMs)) this.unclear += 1;
    this.#interruptedMs = nowMs;
    model.send(interruption);
  }

  #modelHears(text: string): void {
    if (!this.#isSetUp && text.startsWith('{"setup"')) {
      this.#isSetUp = true;
      this.#model?.send('{"setupComplete":{}}');
      return;
    }
    const data = textMember(text, 'data');
    if (data === null) return;
    const nowMs = performance.now();
    this.#heardMs += bytesOf(data) / 32;
    for (const mark of marksOfPcm(data)) if (mark !== null) this.up.came(mark, nowMs);
  }

  #phoneHears(text: string): void {
    const nowMs = performance.now();
    if (text.startsWith('{"event":"media"')) {
      const payload = textMember(text, 'payload') ?? '';
      const mark = markOfMulaw(payload);
      if (mark !== null) this.down.came(mark, nowMs);
      this.#playedUntilMs = Math.max(this.#playedUntilMs, nowMs) + bytesOf(payload) / 8;
    } else if (text.startsWith('{"event":"mark"')) {
      const message = this.#line.message('mark', { mark: { name: textMember(text, 'name') } });
      this.#waitingMarks.push({ message, atMs: this.#playedUntilMs });
    } else if (text.startsWith('{"event":"clear"')) {
      // Twilio returns the marks of what it drops.
      this.#waitingMarks = this.#waitingMarks.map(({ message }) => ({ message, atMs: nowMs }));
      this.#playedUntilMs = nowMs;
      if (!Number.isNaN(this.#interruptedMs)) this.clearTripsMs.push(nowMs - this.#interruptedMs);
      this.#interruptedMs = Number.NaN;
    }
  }

  #break(why: string): void {
    this.broken ||= why;
  }
}
