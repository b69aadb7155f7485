/** A piece of sound for the worklet, or that what waits of the agent is never heard. */
export type HeardMessage =
  | { readonly kind: 'caller' | 'agent'; readonly samples: Float32Array }
  | { readonly kind: 'cleared' };

/** How loud both sides are, 0 to 1. */
export interface LevelsMessage {
  readonly caller: number;
  readonly agent: number;
}

/** What the page is told of listening. */
export interface ListenerEvents {
  readonly onLevels: (levels: LevelsMessage) => void;
  /** It is over: because the call is, or why else. */
  readonly onEnd: (why: string | null) => void;
}

/** Kinds of messages, by their first byte. */
const kinds = ['caller', 'agent', 'cleared'] as const;

/** Codes of a closing WebSocket: the call is over, and there is no room. */
const done = 1000;
const later = 1013;

/** The process that has the call cannot be reached. The reason says so in words. */
const unreachable = 4503;

/** mu-law codes as samples from -1 to 1 (G.711). */
const samplesByCode = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return ((bits & 0x80) === 0 ? magnitude : -magnitude) / 32_768;
});

/** Lets the viewer hear a call, both sides. It sends nothing. */
export class CallListener {
  readonly #events: ListenerEvents;
  readonly #context = new AudioContext();
  #socket: WebSocket | null = null;
  #isOver = false;

  constructor(callSid: string, events: ListenerEvents) {
    this.#events = events;
    void this.#begin(callSid).catch((error: unknown) =>
      this.#end(`This browser cannot play the call: ${String(error)}`),
    );
  }

  stop(): void {
    this.#end(null);
  }

  async #begin(callSid: string): Promise<void> {
    await this.#context.audioWorklet.addModule(new URL('./listen-worklet.ts', import.meta.url));
    await this.#context.resume();
    if (this.#isOver) return;
    const node = new AudioWorkletNode(this.#context, 'listener', { numberOfInputs: 0, outputChannelCount: [2] });
    node.port.addEventListener('message', ({ data }: MessageEvent<LevelsMessage>) => this.#events.onLevels(data));
    node.port.start();
    node.connect(this.#context.destination);
    const socket = new WebSocket(
      `${location.origin.replace(/^http/, 'ws')}/api/live/sound?call=${encodeURIComponent(callSid)}`,
    );
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => node.port.postMessage(heard(data), []));
    socket.addEventListener('close', ({ code, reason }) => this.#end(endWords(code, reason)));
  }

  #end(why: string | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket?.close();
    void this.#context.close();
    this.#events.onEnd(why);
  }
}

function heard(data: ArrayBuffer): HeardMessage {
  const bytes = new Uint8Array(data);
  const kind = kinds[bytes[0] ?? 0] ?? 'cleared';
  if (kind === 'cleared') return { kind };
  return { kind, samples: Float32Array.from(bytes.subarray(1), (code) => samplesByCode[code] ?? 0) };
}

function endWords(code: number, reason: string): string | null {
  if (code === done) return null;
  if (code === later) return 'Too many are listening just now. Try again when somebody has left.';
  if (code === unreachable) return reason;
  return 'The sound was lost. Press Listen to try again.';
}
