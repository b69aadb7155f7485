import { isJsonObject, parseJson } from '../encoding/json.ts';
import type { GuardedSocket } from './guarded-socket.ts';

/** What the SDK calls of a socket. */
export type SdkSocket = Pick<GuardedSocket, 'connect' | 'send' | 'close'>;

/** The same socket, with further fields in the `generationConfig` of the setup, which is the first message (GM-SDK-5). */
export function withGenerationFields(socket: SdkSocket, fields: Readonly<Record<string, unknown>>): SdkSocket {
  if (Object.keys(fields).length === 0) return socket;
  let isFirst = true;
  return {
    connect: () => socket.connect(),
    send: (text) => {
      socket.send(isFirst ? amended(text, fields) : text);
      isFirst = false;
    },
    close: () => socket.close(),
  };
}

function amended(text: string, fields: Readonly<Record<string, unknown>>): string {
  const message = parseJson(text);
  const setup = isJsonObject(message) ? message.setup : undefined;
  if (!isJsonObject(setup)) return text;
  return JSON.stringify({ setup: { ...setup, generationConfig: Object.assign({}, setup.generationConfig, fields) } });
}
