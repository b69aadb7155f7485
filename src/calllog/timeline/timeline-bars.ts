import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { CallEvent } from '../../call/events.ts';
import { shortText } from '../../encoding/short-text.ts';
import { isObject } from '../event-fields.ts';
import type { RecordedEffect } from '../log-format.ts';
import { spanText } from '../story/span-text.ts';
import type { TimelineBar } from './recorded-timeline.ts';

/** A name, a number and a reason for closing are shorter. */
const titleCharsMax = 80;
const textCharsMax = 200;

type OpenBar = { -readonly [Key in keyof TimelineBar]: TimelineBar[Key] };

/** Collects what takes a while beside the talk: tool calls, model sessions, streams and transfers, and sounds that cover a silence. */
export class TimelineBars {
  readonly #max: number;
  readonly #bars: OpenBar[] = [];
  readonly #tools = new Map<string, OpenBar>();
  #session: OpenBar | null = null;
  /** What the telephone does: a stream, a transfer or a message. */
  #onLine: OpenBar | null = null;
  #cover: OpenBar | null = null;
  #streams = 0;
  #sessions = 0;
  #isFull = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** More bars came than are kept. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Ends what is still open, and returns all bars. */
  end(atMs: number): readonly TimelineBar[] {
    for (const bar of [this.#session, this.#onLine, ...this.#tools.values()]) if (bar !== null) bar.toMs = atMs;
    return this.#bars;
  }

  takeEvent(event: CallEvent, line: number): void {
    const { atMs } = event;
    switch (event.type) {
      case 'stream.started':
        this.#streams += 1;
        this.#onLine = this.#begin({ row: 'line', title: `stream ${this.#streams}`, atMs, line });
        return;
      case 'stream.closed':
        return this.#lineEnds(atMs, event.code === 1000 ? 'good' : 'failed', `closed with code ${event.code}`);
      case 'stream.stopped':
        return this.#lineEnds(atMs, 'good', 'Twilio stopped it');
      case 'connect.ended':
      case 'call.completed':
        return this.#lineEnds(atMs, 'good', '');
      case 'dial.ended':
        // Whether it was taken is for the call to say, right behind it.
        return;
      case 'record.ended':
        return this.#lineEnds(atMs, 'good', spanText(event.durationMs));
      case 'model.opened':
        if (this.#session === null) return;
        this.#session.text = `ready after ${spanText(atMs - this.#session.fromMs)}`;
        return;
      case 'model.openFailed':
        return this.#sessionEnds(atMs, 'failed', event.fault);
      case 'model.closed':
        return this.#sessionEnds(atMs, 'failed', `closed with code ${event.code} ${event.reason}`);
      case 'tool.failed': {
        const bar = this.#tools.get(event.id);
        if (bar !== undefined) bar.outcome = 'failed';
        return;
      }
      default:
    }
  }

  takeEffect(effect: RecordedEffect, atMs: number, line: number): void {
    switch (effect.type) {
      case 'call.answer':
      case 'telephony.update':
        return this.#instructed(effect.instruction, atMs, line);
      case 'stream.close':
        return this.#lineEnds(atMs, 'good', 'Parley closed it');
      case 'stream.clear':
        return this.#coverEnds(atMs);
      case 'model.open':
        return this.#sessionBegins(effect, atMs, line);
      case 'model.close':
        return this.#sessionEnds(atMs, 'good', 'Parley closed it');
      case 'tool.run':
        return this.#toolRuns(effect.call, atMs, line);
      case 'tool.cancel':
        return this.#toolEnds(effect.id, atMs, 'failed', 'cancelled');
      case 'model.answerTools':
        for (const answer of Array.isArray(effect.answers) ? effect.answers : []) this.#answered(answer, atMs);
        return;
      default:
    }
  }

  /** A tone or a phrase covers a silence. */
  covered(bytes: number, atMs: number, line: number): void {
    this.#coverEnds(atMs);
    this.#cover = this.#begin({ row: 'cover', title: 'comfort sound', atMs, line });
    if (this.#cover === null) return;
    this.#cover.outcome = 'good';
    this.#cover.toMs = atMs + bytes / mulawBytesPerMs;
  }

  #begin({ row, title, atMs, line }: Pick<TimelineBar, 'row' | 'title' | 'line'> & { atMs: number }): OpenBar | null {
    if (this.#bars.length >= this.#max) {
      this.#isFull = true;
      return null;
    }
    const bar: OpenBar = { row, title, fromMs: atMs, toMs: atMs, outcome: 'open', text: '', line };
    this.#bars.push(bar);
    return bar;
  }

  #lineEnds(atMs: number, outcome: TimelineBar['outcome'], text: string): void {
    if (this.#onLine === null) return;
    Object.assign(this.#onLine, { toMs: atMs, outcome, text });
    this.#onLine = null;
  }

  /** A transfer and a message begin when Twilio is told of them. */
  #instructed(instruction: unknown, atMs: number, line: number): void {
    if (!isObject(instruction)) return;
    const { kind } = instruction;
    if (kind !== 'dial' && kind !== 'record') return;
    this.#lineEnds(atMs, 'good', '');
    const { target } = instruction;
    const dialled = isObject(target) ? shortText(String(target.address), titleCharsMax) : '';
    const title = kind === 'dial' ? `transfer to ${dialled}` : 'message of the caller';
    this.#onLine = this.#begin({ row: 'line', title, atMs, line });
  }

  #coverEnds(atMs: number): void {
    if (this.#cover !== null) this.#cover.toMs = Math.min(this.#cover.toMs, atMs);
    this.#cover = null;
  }

  #sessionBegins({ handle, fallback }: RecordedEffect, atMs: number, line: number): void {
    this.#sessionEnds(atMs, 'open', '');
    this.#sessions += 1;
    const how = typeof handle === 'string' ? 'resumed' : this.#sessions === 1 ? 'first' : 'fresh';
    const title = `session ${this.#sessions}, ${how}${fallback === true ? ', fallback model' : ''}`;
    this.#session = this.#begin({ row: 'model', title, atMs, line });
  }

  #sessionEnds(atMs: number, outcome: TimelineBar['outcome'], how: string): void {
    if (this.#session === null) return;
    const text = [this.#session.text, shortText(how, textCharsMax)].filter((part) => part !== '').join(', ');
    Object.assign(this.#session, { toMs: atMs, outcome, text });
    this.#session = null;
  }

  #toolRuns(call: unknown, atMs: number, line: number): void {
    if (!isObject(call)) return;
    const bar = this.#begin({ row: 'tool', title: shortText(String(call.name), titleCharsMax), atMs, line });
    if (bar !== null) this.#tools.set(String(call.id), bar);
  }

  #answered(answer: unknown, atMs: number): void {
    if (isObject(answer)) this.#toolEnds(answer.id, atMs, 'good', '');
  }

  #toolEnds(id: unknown, atMs: number, outcome: TimelineBar['outcome'], how: string): void {
    const bar = this.#tools.get(String(id));
    if (bar === undefined) return;
    this.#tools.delete(String(id));
    bar.toMs = atMs;
    bar.outcome = bar.outcome === 'failed' ? 'failed' : outcome;
    bar.text = [how, spanText(atMs - bar.fromMs)].filter((part) => part !== '').join(' after ');
  }
}
