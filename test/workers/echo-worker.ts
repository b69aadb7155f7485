import type { Socket } from 'node:net';

process.on('message', (bytes: Uint8Array, socket: Socket | undefined) => {
  if (socket === undefined) return;
  socket.allowHalfOpen = true;
  socket.on('error', () => {});
  socket.unshift(bytes);
  socket.pipe(socket);
});
process.send?.('up');
