import { WebSocket, type RawData } from 'ws';
import { isJsonObject, parseJson } from '../encoding/json.ts';
import { frameText } from '../encoding/frame-text.ts';

/** The SDK's own view of a socket: what its `live` module calls, and what it wants to be called back with (GM-SDK-2). */
export interface SdkSocketCallbacks {
  onopen(): void;
  onmessage(event: { data: string }): void;
  onerror(event: unknown): void;
  onclose(event: { code: number; reason: string }): void;
}

/** A whole reply of the model is some hundred kilobytes; one message beyond this is no speech. */
const frameBytesMax = 4 * 1024 * 1024;

/**
 * A minute and a half of caller audio as JSON: what was said during a reconnect, which goes out at once, and much more. When it waits,
 * the connection has stopped taking it.
 */
const waitingBytesMax = 4 * 1024 * 1024;

/** How long a closing handshake may take before the connection is cut. */
const closeMsMax = 2_000;

/** The SDK copies each message onto an object that has getters of these names, and throws when the message has them too. */
const sdkGetters = ['text', 'data'];

/** What the guard keeps from the SDK. */
export interface GuardedSocketOptions {
  /** From the start of the connection to the first message, which is the answer to the setup. */
  readonly setupMsMax: number;
  /** The setup was not answered in time, although the connection stood. The socket is cut afterwards. */
  readonly onSetupTimeout: () => void;
  /** A frame that is not a JSON object. The SDK would throw where nobody can catch it. */
  readonly onBadFrame: () => void;
}

/**
 * The socket under a model session. The SDK waits for ever when a setup is not answered, and takes the process down when a frame is
 * not JSON (GM-SDK-2); this socket does neither.
 */
export class GuardedSocket {
  readonly #options: GuardedSocketOptions;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #callbacks: SdkSocketCallbacks;
  #socket: WebSocket | null = null;
  #setupTimer: NodeJS.Timeout | null = null;
  #onGone: () => void = () => {};
  /** Resolves when the connection is closed for both sides. */
  readonly gone = new Promise<void>((resolve) => (this.#onGone = resolve));

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
  }

  connect(): void {
    const socket = new WebSocket(this.#url, {
      headers: this.#headers,
      maxPayload: frameBytesMax,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    this.#setupTimer = setTimeout(() => {
      if (socket.readyState === WebSocket.OPEN) this.#options.onSetupTimeout();
      socket.terminate();
    }, this.#options.setupMsMax);
    socket.on('open', () => this.#callbacks.onopen());
    socket.on('message', (data) => this.#receive(data));
    socket.on('error', (error) => this.#callbacks.onerror(error));
    socket.on('close', (code, reason) => {
      this.#stopSetupTimer();
      this.#onGone();
      this.#callbacks.onclose({ code, reason: reason.toString() });
    });
  }

  /** Whether the connection has stopped taking what is sent. */
  get isChoked(): boolean {
    return (this.#socket?.bufferedAmount ?? 0) > waitingBytesMax;
  }

  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  close(): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#stopSetupTimer();
    if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
    socket.close(1000);
    setTimeout(() => socket.terminate(), closeMsMax).unref();
  }

  #receive(data: RawData): void {
    const text = frameText(data);
    const message = parseJson(text);
    if (!isJsonObject(message) || sdkGetters.some((name) => name in message)) return this.#options.onBadFrame();
    this.#stopSetupTimer();
    this.#callbacks.onmessage({ data: text });
  }

  #stopSetupTimer(): void {
    if (this.#setupTimer !== null) clearTimeout(this.#setupTimer);
    this.#setupTimer = null;
  }
}
