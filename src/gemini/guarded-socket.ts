import { isJsonObject, type JsonObject, parseJson } from '../encoding/json.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { closeInTime, type Connect, type Socket } from '../system/socket.ts';
import { type Excess, ModelBudget } from './model-budget.ts';

/** What the SDK's `live` module wants to be called back with by a socket (GM-SDK-2). */
export interface SdkSocketCallbacks {
  onopen(): void;
  onmessage(event: { data: string }): void;
  onerror(event: unknown): void;
  onclose(event: { code: number; reason: string }): void;
}

/**
 * A minute and a half of caller audio as JSON: what was said during a reconnect, which goes out at once, and much more. When it waits,
 * the connection has stopped taking it.
 */
const waitingBytesMax = 4 * 1024 * 1024;

/** What the SDK is told of the service's messages: that its setup was answered (GM-SDK-1). It would read and copy each of them once more. */
const setupAnswer = '{"setupComplete":{}}';

/** What a guarded socket works with, and what it reports instead of telling the SDK. */
export interface GuardedSocketOptions {
  readonly clock: Clock;
  readonly connect: Connect;
  /** From the start of the connection to the answer to the setup. */
  readonly setupMsMax: number;
  /** A message of the service, also one that comes before the SDK has handed over the session. */
  readonly onMessage: (message: JsonObject) => void;
  /** The setup was not answered in time, although the connection stood. The socket is cut afterwards. */
  readonly onSetupTimeout: () => void;
  /** A frame that is not a JSON object. */
  readonly onBadFrame: () => void;
  /** The other end has sent more than it may. The socket was cut, and what still comes is not read. */
  readonly onExcess: (excess: Excess) => void;
}

/**
 * The socket under a model session. The SDK waits for ever when a setup is not answered, and takes the process down when a frame is
 * not JSON (GM-SDK-2); this socket does neither. It holds the service to a budget.
 */
export class GuardedSocket {
  readonly #options: GuardedSocketOptions;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #callbacks: SdkSocketCallbacks;
  readonly #budget: ModelBudget;
  #socket: Socket | null = null;
  #setupTimer: Timer | null = null;
  #isSetUp = false;
  /** Whether nothing is read any more. */
  #isDeaf = false;
  #isGone = false;
  #onGone: (() => void) | null = null;

  constructor(
    url: string,
    headers: Record<string, string>,
    callbacks: SdkSocketCallbacks,
    options: GuardedSocketOptions,
  ) {
    this.#url = url;
    this.#headers = headers;
    this.#callbacks = callbacks;
    this.#options = options;
    this.#budget = new ModelBudget(options.clock);
  }

  connect(): void {
    const { clock, connect, setupMsMax, onSetupTimeout } = this.#options;
    const socket = connect(this.#url, this.#headers, {
      onOpen: () => this.#callbacks.onopen(),
      onMessage: (text) => this.#receive(text),
      onPing: () => this.#receiveEmpty(),
      onPong: () => this.#receiveEmpty(),
      onFrameTooLong: () => this.#exceeded('frameTooLong'),
      onError: (error) => this.#callbacks.onerror(error),
      onClose: (code, reason) => this.#closed(code, reason),
    });
    this.#socket = socket;
    this.#setupTimer = clock.after(setupMsMax, () => {
      if (socket.isOpen) onSetupTimeout();
      socket.terminate();
    });
  }

  /** Whether the connection has stopped taking what is sent. */
  get isChoked(): boolean {
    return (this.#socket?.waitingBytes ?? 0) > waitingBytesMax;
  }

  /** Calls `done` when the connection is closed for both sides; at once if it is closed. Only one may wait at a time. */
  whenGone(done: () => void): void {
    if (this.#isGone || this.#socket === null) done();
    else this.#onGone = done;
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  close(): void {
    const socket = this.#socket;
    if (socket === null || this.#isGone) return;
    this.#isDeaf = true;
    this.#setupTimer?.cancel();
    if (this.isChoked) socket.terminate();
    else closeInTime(socket, 1000, this.#options.clock);
  }

  /** Cuts the connection: one that takes nothing any more cannot be closed in order. */
  cut(): void {
    this.#isDeaf = true;
    this.#socket?.terminate();
  }

  #receive(text: string): void {
    if (this.#isDeaf) return;
    const overweight = this.#budget.weigh(text);
    if (overweight !== null) return this.#exceeded(overweight);
    const message = parseJson(text);
    if (!isJsonObject(message)) return this.#options.onBadFrame();
    const surplus = this.#budget.count(message);
    if (surplus !== null) return this.#exceeded(surplus);
    this.#options.onMessage(message);
    if (message.setupComplete !== undefined && !this.#isSetUp) this.#setUp();
  }

  #setUp(): void {
    this.#isSetUp = true;
    this.#setupTimer?.cancel();
    this.#callbacks.onmessage({ data: setupAnswer });
  }

  /** A ping, or an answer to one that nobody sent. */
  #receiveEmpty(): void {
    const excess = this.#budget.weigh('');
    if (excess !== null) this.#exceeded(excess);
  }

  #exceeded(excess: Excess): void {
    if (this.#isDeaf) return;
    this.cut();
    this.#options.onExcess(excess);
  }

  #closed(code: number, reason: string): void {
    this.#setupTimer?.cancel();
    this.#isGone = true;
    this.#onGone?.();
    this.#callbacks.onclose({ code, reason });
  }
}
