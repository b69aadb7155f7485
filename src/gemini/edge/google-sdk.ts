import { ParleyError } from '../../errors.ts';
import { type SdkSocket, withGenerationFields } from '../generation-fields.ts';
import { type Sdk, type SdkOrder, setupMsMax } from '../sdk.ts';
import { type Live, type ModelAccess, openLive } from './access.ts';

/** Google's own package, with our socket under it. It is loaded for the first session, unless `openLive` has loaded it before. */
export function googleSdk(access: ModelAccess): Sdk {
  return {
    setupMsMax: access.setupMsMax ?? setupMsMax,
    connect: (order) => void connect(access, order),
  };
}

async function connect(access: ModelAccess, { setup, ...order }: SdkOrder): Promise<void> {
  try {
    const { unlisted, ...listed } = setup;
    const live = withSockets(await openLive(access), (...args) =>
      withGenerationFields(order.createSocket(...args), unlisted),
    );
    const session = await live.connect({
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
