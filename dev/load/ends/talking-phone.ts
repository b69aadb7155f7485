import type { SiegeLine } from '../../siege/siege-line.ts';
import { signatureOf, siegeOrigin } from '../../siege/siege-account.ts';
import { Base64Text } from './base64-text.ts';
import type { TalkFigures } from './talk-figures.ts';
import { markedFrameMs, framePayload, piecesIn } from './marked-sound.ts';
import { callerSpeaksAt, turnMs } from './timetable.ts';
import { type WireEnd, openWire } from './wire-end.ts';
import { wireText } from './wire-frames.ts';

/** Callers hear the greeting before they speak. */
const greetedMs = 2 * turnMs;

/** The caller's end of a call that is at load: a frame every 20 ms, and marks that come back when what came before them was played. */
export class TalkingPhone {
  readonly #line: SiegeLine;
  readonly #port: number;
  readonly #figures: TalkFigures;
  #wire: WireEnd | null = null;
  #beginsMs = Number.NaN;
  #frames = 0;
  #sequence = 1;
  #playedUntilMs = 0;
  #waitingMarks: { readonly name: string; readonly atMs: number }[] = [];

  constructor(line: SiegeLine, port: number, figures: TalkFigures) {
    this.#line = line;
    this.#port = port;
    this.#figures = figures;
  }

  /** How many frames were sent. */
  get frames(): number {
    return this.#frames;
  }

  /** Opens the stream. Rejects when it is refused. */
  async open(): Promise<void> {
    const { streamUrl } = this.#line;
    const wire = await openWire(streamUrl.replace(/^wss:\/\/[^/]*/, `http://127.0.0.1:${this.#port}`), {
      host: new URL(siegeOrigin).host,
      'x-twilio-signature': signatureOf(streamUrl),
    });
    wire.listen({
      onMessage: (message) => this.#hear(message),
      onClose: (code) => {
        if (this.#wire !== null) this.#figures.broke(`its stream was closed with ${code}`);
      },
    });
    wire.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    wire.send(this.#line.startMessage());
    this.#wire = wire;
    this.#beginsMs = performance.now();
  }

  /** Sends what is due by now. `sinceMs`: how long the talk has gone on. */
  sendDue(nowMs: number, sinceMs: number): void {
    const wire = this.#wire;
    if (wire === null) return;
    while (this.#beginsMs + this.#frames * markedFrameMs <= nowMs) {
      this.#figures.up.sent(this.#frames, performance.now());
      const isGreeted = this.#frames * markedFrameMs >= greetedMs;
      wire.sendFrames(this.#frame(isGreeted && callerSpeaksAt(sinceMs)));
      this.#frames += 1;
    }
    while ((this.#waitingMarks[0]?.atMs ?? Infinity) <= nowMs) this.#returnMark(wire);
  }

  /** Hangs up without a word: a caller's phone sends nothing more. */
  leave(): void {
    const wire = this.#wire;
    this.#wire = null;
    wire?.cut();
  }

  #frame(isSpeaking: boolean): string {
    this.#sequence += 1;
    return wireText(
      `{"event":"media","sequenceNumber":"${this.#sequence}","media":{"track":"inbound","chunk":"${this.#frames + 1}",` +
        `"timestamp":"${this.#frames * markedFrameMs}","payload":"${framePayload(this.#frames, isSpeaking)}"},` +
        `"streamSid":"${this.#line.streamSid}"}`,
      true,
    );
  }

  #returnMark(wire: WireEnd): void {
    const name = this.#waitingMarks.shift()?.name;
    this.#sequence += 1;
    wire.send(
      `{"event":"mark","sequenceNumber":"${this.#sequence}","streamSid":"${this.#line.streamSid}","mark":{"name":"${name}"}}`,
    );
  }

  #hear(message: Buffer): void {
    const nowMs = performance.now();
    if (isEvent(message, 'media')) {
      const sound = Base64Text.inMember(message, 'payload');
      if (sound === null) return;
      for (const number of piecesIn(sound)) this.#figures.down.came(number, nowMs);
      this.#playedUntilMs = Math.max(this.#playedUntilMs, nowMs) + sound.length / 8;
    } else if (isEvent(message, 'mark')) {
      const name = /"name":"([^"]*)"/.exec(message.toString('latin1'))?.[1] ?? '';
      this.#waitingMarks.push({ name, atMs: this.#playedUntilMs });
    } else if (isEvent(message, 'clear')) {
      // Twilio returns the marks of what it drops.
      this.#waitingMarks = this.#waitingMarks.map(({ name }) => ({ name, atMs: nowMs }));
      this.#playedUntilMs = nowMs;
      this.#figures.cleared(nowMs);
    }
  }
}

/** Looks at the beginning alone: that is where a bridge says what it sends. */
function isEvent(message: Buffer, event: string): boolean {
  const head = `{"event":"${event}"`;
  return message.toString('latin1', 0, head.length) === head;
}
