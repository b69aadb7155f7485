import type { Session } from '@google/genai/web';
import type { GuardedSocket, SdkSocketCallbacks } from './guarded-socket.ts';
import type { liveSetup } from './setup.ts';

/** Minimal setups are answered in 0.3 s, long ones in up to 2.4 s; some models answer a setup that they dislike with silence (GM-SETUP-3). */
export const setupMsMax = 5_000;

/** What Parley uses of the SDK's session. What is sent on a closed one is dropped silently (GM-SDK-3). */
export interface SdkSession extends Pick<
  Session,
  'sendRealtimeInput' | 'sendClientContent' | 'sendToolResponse' | 'close'
> {
  /** Caller audio: 16 kHz PCM16 little-endian. It goes out as `sendRealtimeInput` would send it, and past its copies. */
  sendAudio(pcm: Uint8Array): void;
}

/** What the SDK needs to open a session, and what it reports. Messages come from the socket itself. */
export interface SdkOrder {
  readonly setup: ReturnType<typeof liveSetup>;
  /** Makes the socket that the SDK is to use (GM-SDK-2). May throw, and then there is no session. */
  readonly createSocket: (url: string, headers: Record<string, string>, callbacks: SdkSocketCallbacks) => GuardedSocket;
  readonly onClose: (code: number, reason: string) => void;
  /** The setup was answered. */
  readonly onSession: (session: SdkSession) => void;
  /** There will be no session. `why` may hold the address of the service, and the key in it (GM-SDK-4). */
  readonly onFailed: (why: string) => void;
}

/** The SDK's `live.connect`, as the driver gives it: Google's own package, or its rules in virtual time. */
export interface Sdk {
  /** From the start of the connection to the answer to the setup. A sign-in that comes first gets the same time. */
  readonly setupMsMax: number;
  connect(order: SdkOrder): void;
}
