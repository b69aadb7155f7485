import type { WebSocket } from 'ws';

/** What fits into the frame of a close (RFC 6455, 5.5). `ws` throws for a reason that is longer. */
const reasonBytesMax = 123;

/** Closes the socket of a viewer with a reason in words, of which as much is sent as fits. */
export function closeViewer(socket: WebSocket, code: number, reason: string): void {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(reasonBytesMax));
  socket.close(code, reason.slice(0, read));
}
