import { type Sdk, type SdkOrder, type SdkSession, setupMsMax } from '../../gemini/sdk.ts';
import { audioInput, type liveSetup } from '../../gemini/setup.ts';

/** Sends a message of the client on the connection that was made last. */
export type SendMessage = (message: object) => void;

/**
 * The SDK's `live` module in virtual time, by its own rules (GM-SDK-1): the setup goes out when the socket opens; the promise of a session
 * is kept when the setup is answered; and a connection that ends before that is an error.
 * `test/sim/driver/simulated-sdk.test.ts` holds its messages against those of the real one.
 */
export class SimulatedSdk implements Sdk {
  readonly setupMsMax = setupMsMax;
  readonly #url: string;
  readonly #sender: () => SendMessage;

  /** `sender`: gives what sends on the connection that was made last, as an object, which saves to write and read its text. */
  constructor(url: string, sender: () => SendMessage) {
    this.#url = url;
    this.#sender = sender;
  }

  connect({ setup, createSocket, onClose, onSession, onFailed }: SdkOrder): void {
    let send: SendMessage = unsent;
    let isPending = true;
    const fail = (why: string): void => {
      if (!isPending) return;
      isPending = false;
      onFailed(`Live connection ${why}`);
    };
    try {
      const socket = createSocket(
        this.#url,
        {},
        {
          onopen: () => send(setupMessage(setup)),
          // It hears of the answer to the setup alone.
          onmessage: () => {
            isPending = false;
            onSession(sessionOn(send, () => socket.close()));
          },
          onerror: (error) => fail(`failed before setup completed: ${error instanceof Error ? error.message : ''}`),
          onclose: ({ code, reason }) => {
            onClose(code, reason);
            fail(`closed before setup completed (code ${code}): ${reason === '' ? 'Abnormal closure.' : reason}`);
          },
        },
      );
      socket.connect();
      send = this.#sender();
    } catch (error) {
      onFailed(error instanceof Error ? error.message : String(error));
    }
  }
}

/** There is no connection yet. */
function unsent(): void {}

function sessionOn(send: SendMessage, close: () => void): SdkSession {
  return {
    sendAudio: (pcm) => send({ realtimeInput: audioInput(pcm) }),
    sendRealtimeInput: (realtimeInput) => send({ realtimeInput }),
    sendClientContent: (clientContent) => send({ clientContent }),
    sendToolResponse: (toolResponse) => send({ toolResponse }),
    close,
  };
}

/** The setup as the SDK writes it on the socket: `fixtures/wire/gemini/to-gemini-setup.json` holds what the real one wrote. */
function setupMessage({ model, config, unlisted }: ReturnType<typeof liveSetup>): object {
  const { responseModalities, speechConfig, thinkingConfig, systemInstruction, ...others } = config;
  const { temperature, topP, topK, maxOutputTokens, mediaResolution, seed, enableAffectiveDialog, ...rest } = others;
  const generation = { temperature, topP, topK, maxOutputTokens, mediaResolution, seed, enableAffectiveDialog };
  return {
    setup: {
      model: `models/${model}`,
      generationConfig: {
        responseModalities,
        ...(speechConfig && { speechConfig }),
        ...(thinkingConfig && { thinkingConfig }),
        ...Object.fromEntries(Object.entries(generation).filter(([, value]) => value !== undefined)),
        ...unlisted,
      },
      systemInstruction: { parts: [{ text: systemInstruction }], role: 'user' },
      ...rest,
    },
  };
}
