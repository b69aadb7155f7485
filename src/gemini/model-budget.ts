import { isJsonObject, type JsonObject, jsonShape } from '../encoding/json.ts';
import type { Clock } from '../system/clock.ts';
import { TokenBucket } from '../system/token-bucket.ts';

/** A quarter of a minute of speech in one message. Those that were seen hold a quarter of a second (GM-AUDIO-2). */
export const modelFrameBytesMax = 1024 * 1024;

/** The answer to a setup has 26 bytes (GM-FRAME-1). What comes before it must wait for the session. */
const setupBytesMax = 1024 * 1024;

/** Speech at 40 times its speed is 2.5 MB a second: two minutes of it may come at once, and a second takes 64 kB in the long run. */
const bytes = { burst: 8 * 1024 * 1024, perSecond: 1024 * 1024 };

/** Speech at that speed is 170 messages a second, for as long as a reply is generated. */
const messages = { burst: 5_000, perSecond: 500 };

/** Objects, lists and members, which are read in a few milliseconds. A message with sound has ten; so many are as much work as a message. */
const valuesMax = 8_192;
const valuesOfMessage = 64;

/** A message has eight levels, and arguments of a tool have some more. Who walks through thousands of levels runs out of stack. */
const levelsMax = 64;

/** A message holds a piece of sound, or a few. */
const partsMax = 256;

/** Twice as many as may run at once. */
const toolCallsMax = 32;

/** In what a session has sent more than it may. */
export type Excess =
  | 'frameTooLong'
  | 'muchBeforeSetup'
  | 'tooManyBytes'
  | 'tooManyMessages'
  | 'tooManyValues'
  | 'tooManyLevels'
  | 'tooManyParts'
  | 'tooManyToolCalls';

/**
 * What one model session may send. What goes beyond is no speech, and to find that out must not hold up other calls. So the cheapest
 * questions come first: a frame is weighed before it is read as JSON, and its lists are counted before anybody walks through them.
 */
export class ModelBudget {
  readonly #bytes: TokenBucket;
  readonly #messages: TokenBucket;
  #setupBytes = 0;
  #isSetUp = false;

  constructor(clock: Clock) {
    this.#bytes = new TokenBucket(clock, bytes);
    this.#messages = new TokenBucket(clock, messages);
  }

  /** Weighs a frame. Its characters stand for its bytes, of which there are no fewer. */
  weigh(text: string): Excess | null {
    if (text.length > modelFrameBytesMax) return 'frameTooLong';
    if (!this.#isSetUp) this.#setupBytes += text.length;
    if (this.#setupBytes > setupBytesMax) return 'muchBeforeSetup';
    if (!this.#bytes.take(text.length)) return 'tooManyBytes';
    const { values, levels } = jsonShape(text);
    if (values > valuesMax) return 'tooManyValues';
    if (levels > levelsMax) return 'tooManyLevels';
    return this.#messages.take(1 + Math.floor(values / valuesOfMessage)) ? null : 'tooManyMessages';
  }

  /** Counts what a message holds. Parts and tool calls beyond the first are as much work as messages of their own. */
  count(message: JsonObject): Excess | null {
    const { serverContent, setupComplete, toolCall, toolCallCancellation } = message;
    if (setupComplete !== undefined) this.#isSetUp = true;
    const parts = lengthOf(memberOf(memberOf(serverContent, 'modelTurn'), 'parts'));
    if (parts > partsMax) return 'tooManyParts';
    const calls = lengthOf(memberOf(toolCall, 'functionCalls'));
    const cancelled = lengthOf(memberOf(toolCallCancellation, 'ids'));
    if (Math.max(calls, cancelled) > toolCallsMax) return 'tooManyToolCalls';
    return this.#messages.take(Math.max(0, parts + calls - 1)) ? null : 'tooManyMessages';
  }
}

function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
