import { ParleyError } from '../../errors.ts';
import { type SdkSocket, withGenerationFields } from '../generation-fields.ts';
import { type Sdk, type SdkOrder, type SdkSession, setupMsMax } from '../sdk.ts';
import { audioMessage } from '../setup.ts';
import { type Live, type LiveSdkSession, type ModelAccess, openLive } from './access.ts';

/** Google's own package, with our socket under it. The first session makes its client, unless `openLive` was called before. */
export function googleSdk(access: ModelAccess): Sdk {
  return {
    setupMsMax: access.setupMsMax ?? setupMsMax,
    connect: (order) => void connect(access, order),
  };
}

async function connect(access: ModelAccess, { setup, ...order }: SdkOrder): Promise<void> {
  try {
    const { unlisted, ...listed } = setup;
    let socket: SdkSocket | null = null;
    const live = withSockets(
      await openLive(access),
      (...args) => (socket = withGenerationFields(order.createSocket(...args), unlisted)),
    );
    const session = await live.connect({
      ...listed,
      callbacks: {
        // Messages are read where they come from the socket.
        onmessage: () => {},
        onclose: ({ code, reason }) => order.onClose(code, reason),
      },
    });
    order.onSession(withAudio(session, (text) => socket?.send(text)));
  } catch (error) {
    order.onFailed(error instanceof Error ? error.message : String(error));
  }
}

/** The SDK's session, with a way of its own for audio, of which a call sends fifty messages a second. */
function withAudio(session: LiveSdkSession, send: (text: string) => void): SdkSession {
  return {
    sendAudio: (pcm) => send(audioMessage(pcm)),
    sendRealtimeInput: (input) => session.sendRealtimeInput(input),
    sendClientContent: (content) => session.sendClientContent(content),
    sendToolResponse: (answers) => session.sendToolResponse(answers),
    close: () => session.close(),
  };
}

/**
 * The SDK with our socket under it (GM-SDK-2), for one session. Throws when the SDK has changed, since without it a bad frame ends the
 * process.
 */
function withSockets(live: Live, create: (...args: Parameters<SdkOrder['createSocket']>) => SdkSocket): Live {
  if (!('webSocketFactory' in live)) {
    throw new ParleyError('model.unreachable', 'This version of @google/genai keeps its socket factory elsewhere.');
  }
  return Object.create(live, { webSocketFactory: { value: { create } } });
}
