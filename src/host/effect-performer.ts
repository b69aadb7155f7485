import type { CalleeInstruction, CallEffect, CallInstruction } from '../call/effects.ts';
import type { CallFact } from '../call/events.ts';
import type { ModelSession } from '../gemini/live-session.ts';
import type { Logger } from '../system/logger.ts';
import type { MediaStream } from '../twilio/media-stream.ts';
import { StreamTokens } from '../twilio/stream-tokens.ts';
import { type CallDrivers, takeEach } from './call-doors.ts';
import type { CallWorld, ModelOrder } from './call-world.ts';
import { ToolRunner } from './tooling/tool-runner.ts';

/** What it takes to do what a call orders. */
export interface EffectPerformerParts {
  readonly callSid: string;
  readonly world: CallWorld;
  readonly drivers: CallDrivers;
  /** Takes what comes of it. A fact that is no longer `isCurrent` when its turn comes is of a session that was closed meanwhile. */
  readonly onFact: (fact: CallFact, isCurrent?: () => boolean) => void;
  /** Whether another process has the call. */
  readonly isFenced: () => boolean;
  readonly log: Logger;
}

/** Does what one call orders, and owns what it takes: the call's stream and its tokens, its model session, and its tools. */
export class EffectPerformer {
  readonly #parts: EffectPerformerParts;
  readonly #tools: ToolRunner;
  readonly #streamTokens: StreamTokens;
  #stream: MediaStream | null = null;
  #model: ModelSession | null = null;
  #modelNumber = 0;
  /** The picture about which the call is being asked. */
  #picture: Uint8Array | null = null;
  /** Effects that may only begin when the step that ordered them is on record. */
  #recordedFirst: ((isRecorded: boolean) => void)[] = [];

  constructor(parts: EffectPerformerParts) {
    this.#parts = parts;
    const { world, drivers, onFact, log } = parts;
    const { token } = drivers.randomness;
    const { callSid } = parts;
    this.#streamTokens = new StreamTokens((stream) => world.streamSigner?.sign(callSid, stream, token()) ?? token());
    this.#tools = new ToolRunner({ tools: world.tools, runTool: drivers.runTool, call: world.served, onFact, log });
  }

  /** Begins one effect. The answer to a question or a request is not its business. */
  perform(effect: Exclude<CallEffect, { type: 'call.answer' | 'callee.answer' | 'request.answer' }>): void {
    const { log } = this.#parts;
    switch (effect.type) {
      case 'stream.media':
        return this.#stream?.sendMedia(effect.audio);
      case 'stream.mark':
        return this.#stream?.sendMark(effect.name);
      case 'stream.clear':
        return this.#stream?.sendClear();
      case 'stream.close':
        return this.closeStream(effect.code);
      case 'model.open':
        return this.#openModel(effect);
      case 'model.sendAudio':
        return this.#model?.sendAudio(effect.pcm);
      case 'model.activityStart':
        return this.#model?.markActivity('start');
      case 'model.activityEnd':
        return this.#model?.markActivity('end');
      case 'model.sendText':
        return this.#model?.sendText(effect.text);
      case 'model.sendPicture':
        return this.#sendPicture();
      case 'model.answerTools':
        return this.#model?.answerTools(effect.answers);
      case 'model.close':
        this.#modelNumber += 1;
        return this.#model?.close();
      case 'tool.run':
        return this.#runTool(effect);
      case 'tool.cancel':
        return this.#tools.cancel(effect.id);
      case 'telephony.update':
        return this.#redirect(effect.instruction);
      case 'transcript.add':
        return log.info({ speaker: effect.speaker, cut: effect.cut, pii: { text: effect.text } }, 'transcript');
      case 'note':
        return log[effect.level](effect.fields, effect.name);
      case 'call.end':
        return;
    }
  }

  /** Begins what had to be on record first. A process that stood still may have lost the call without knowing it; the journal shows that. */
  performRecorded(): void {
    if (this.#recordedFirst.length === 0) return;
    for (const act of this.#recordedFirst.splice(0)) this.#parts.drivers.settled(act);
  }

  /** The instruction as TwiML. */
  render(instruction: CallInstruction | CalleeInstruction): string {
    return this.#parts.world.render(
      instruction,
      instruction.kind === 'stream' ? this.#streamTokens.of(instruction.number) : '',
    );
  }

  /** Keeps a picture until the call has said whether it is sent. Returns whether it is one: what the model cannot read costs the session. */
  hold(jpeg: Uint8Array): boolean {
    this.#picture = jpeg;
    // As every JPEG begins.
    return jpeg[0] === 0xff && jpeg[1] === 0xd8 && jpeg[2] === 0xff;
  }

  claimStream(token: string): boolean {
    return this.#streamTokens.claim(token);
  }

  /** Speaks to this stream from here on. */
  attach(stream: MediaStream): void {
    this.closeStream(1000);
    this.#stream = stream;
  }

  closeStream(code: number): void {
    const stream = this.#stream;
    this.#stream = null;
    stream?.close(code);
  }

  /** Lets go of all but the stream. */
  stop(): void {
    const model = this.#model;
    this.#model = null;
    takeEach([() => this.#streamTokens.revoke(), () => this.#tools.cancelAll(), () => model?.close()], this.#parts.log);
  }

  #openModel(order: ModelOrder): void {
    const { world, drivers, onFact, log } = this.#parts;
    this.#model?.close();
    this.#modelNumber += 1;
    const number = this.#modelNumber;
    const isCurrent = (): boolean => number === this.#modelNumber;
    this.#model = world.openModel(drivers, order, this.#model, (fact) => onFact(fact, isCurrent), log);
  }

  #sendPicture(): void {
    if (this.#picture !== null) this.#model?.sendPicture(this.#picture);
    this.#picture = null;
  }

  #runTool({ call, key }: Extract<CallEffect, { type: 'tool.run' }>): void {
    const start = this.#tools.accept(call, key);
    if (start !== null) this.#recordedFirst.push(start);
  }

  #redirect(instruction: CallInstruction): void {
    const { callSid, drivers, onFact, isFenced } = this.#parts;
    const twiml = this.render(instruction);
    this.#recordedFirst.push(() => {
      if (!isFenced()) drivers.redirect(callSid, twiml, onFact);
    });
  }
}
