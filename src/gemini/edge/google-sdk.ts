import type { GoogleGenAI } from '@google/genai';
import { ParleyError } from '../../errors.ts';
import { type SdkSocket, withGenerationFields } from '../generation-fields.ts';
import { type Sdk, type SdkOrder, setupMsMax } from '../sdk.ts';
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
    replaceSocketFactory(genai, (...args) => withGenerationFields(order.createSocket(...args), unlisted));
    const session = await genai.live.connect({
      ...listed,
      callbacks: {
        onmessage: order.onMessage,
        onclose: ({ code, reason }) => order.onClose(code, reason),
      },
    });
    order.onSession(session);
  } catch (error) {
    order.onFailed(error instanceof Error ? error.message : String(error));
  }
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
