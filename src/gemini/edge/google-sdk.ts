import type { GoogleGenAI, Session } from '@google/genai';
import { ParleyError } from '../../errors.ts';
import { type SdkSocket, withGenerationFields } from '../generation-fields.ts';
import { type Sdk, type SdkOrder, type SdkSession, setupMsMax } from '../sdk.ts';
import { audioMessage } from '../setup.ts';
import { createGenAi, type ModelAccess } from './access.ts';

/** Google's own package, with our socket under it. */
export function googleSdk(access: ModelAccess): Sdk {
  return {
    setupMsMax: access.setupMsMax ?? setupMsMax,
    connect: (order) => void connect(access, order),
  };
}

async function connect(access: ModelAccess, { setup, ...order }: SdkOrder): Promise<void> {
  try {
    const genai = createGenAi(access);
    const { unlisted, ...listed } = setup;
    let socket: SdkSocket | null = null;
    replaceSocketFactory(genai, (...args) => (socket = withGenerationFields(order.createSocket(...args), unlisted)));
    const session = await genai.live.connect({
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
function withAudio(session: Session, send: (text: string) => void): SdkSession {
  return {
    sendAudio: (pcm) => send(audioMessage(pcm)),
    sendRealtimeInput: (input) => session.sendRealtimeInput(input),
    sendClientContent: (content) => session.sendClientContent(content),
    sendToolResponse: (answers) => session.sendToolResponse(answers),
    close: () => session.close(),
  };
}

/** Puts our socket under the SDK (GM-SDK-2). Throws when the SDK has changed, since without it a bad frame ends the process. */
function replaceSocketFactory(
  genai: GoogleGenAI,
  create: (...args: Parameters<SdkOrder['createSocket']>) => SdkSocket,
): void {
  if (!('webSocketFactory' in genai.live)) {
    throw new ParleyError('model.unreachable', 'This version of @google/genai keeps its socket factory elsewhere.');
  }
  Reflect.set(genai.live, 'webSocketFactory', { create });
}
