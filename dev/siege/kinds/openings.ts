import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { siegeKinds } from '../siege-kind.ts';
import type { SiegeGround } from '../siege-ground.ts';
import { frameBytes } from './frame-bytes.ts';
import { signedUpgrade } from './upgrades.ts';

const largeFrame = frameBytes({ opcode: 2 }, 'a'.repeat(60_000));

/** What a media socket may do that was opened with a captured signature, and never starts. */
export const openingKinds = siegeKinds({
  'never-start': (ground) => ground.every(100, () => void ground.socket()),

  'text-before-the-start': (ground) =>
    onSockets(ground, 20, 500, (socket, count) => ground.say(socket, `what? ${count}`)),

  'binary-frames': (ground) => onSockets(ground, 20, 200, (socket) => ground.say(socket, new Uint8Array(50_000))),

  'frames-as-large-as-may-be': (ground) => {
    const text = JSON.stringify({ event: 'connected', protocol: 'x'.repeat(64_000) });
    return onSockets(ground, 20, 200, (socket) => ground.say(socket, text));
  },

  'frames-beyond-the-limit': (ground) =>
    onSockets(ground, 5, 20, (socket) => ground.say(socket, new Uint8Array(1_000_000))),

  'deep-frames': (ground) => {
    const text = `{"event":"start","start":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    return onSockets(ground, 10, 100, (socket) => ground.say(socket, text));
  },

  'pings-in-thousands': (ground) => onSockets(ground, 10, 3_000, (socket) => pingIfRead(socket, 'x'.repeat(125))),

  'starts-with-a-wrong-token': (ground) =>
    ground.every(100, async () => {
      const line = ground.line();
      const socket = await ground.socket(line);
      if (socket !== null) ground.say(socket, line.startMessage('A'.repeat(40)));
    }),

  'pushes-after-a-refused-start': (ground) => {
    const first = frameBytes({ opcode: 1 }, ground.line().startMessage('wrong'));
    return onRawSockets(ground, 50, first, Buffer.concat(Array.from({ length: 16 }, () => largeFrame)));
  },

  'fragments-without-end': (ground) => {
    const first = frameBytes({ opcode: 1, goesOn: true }, 'a');
    const more = Buffer.concat(Array.from({ length: 100 }, () => frameBytes({ opcode: 0, goesOn: true }, 'a')));
    return onRawSockets(ground, 30, first, more);
  },

  'empty-fragments': (ground) => {
    const first = frameBytes({ opcode: 2, goesOn: true });
    const more = Buffer.concat(Array.from({ length: 200 }, () => frameBytes({ opcode: 0, goesOn: true })));
    return onRawSockets(ground, 30, first, more);
  },

  'frames-that-never-end': (ground) => {
    const first = frameBytes({ opcode: 1, toldLength: 60_000 }, 'a');
    return onRawSockets(ground, 100, first, Buffer.from('a'));
  },

  'not-masked': (ground) =>
    ground.every(100, () => sendRaw(ground, frameBytes({ opcode: 1, isMasked: false }, '{"event":"connected"}'))),

  'reserved-bits-and-opcodes': (ground) =>
    ground.every(100, (count) => sendRaw(ground, frameBytes({ opcode: 3 + (count % 5), reserved: count % 8 }, 'a'))),

  'lengths-beyond-numbers': (ground) =>
    ground.every(100, () => sendRaw(ground, frameBytes({ opcode: 1, toldLength: Number.MAX_SAFE_INTEGER }, 'a'))),

  'broken-closes': (ground) =>
    ground.every(100, (count) => sendRaw(ground, frameBytes({ opcode: 8 }, count % 2 === 0 ? 'a' : '\u0000\u0001'))),
});

/** Keeps so many media sockets open, and has them act in turn. */
async function onSockets(
  ground: SiegeGround,
  sockets: number,
  perSecond: number,
  act: (socket: WebSocket, count: number) => void,
): Promise<void> {
  const seats: (WebSocket | 'opening' | null)[] = Array.from({ length: sockets }, () => null);
  await ground.every(perSecond, async (count) => {
    const at = count % sockets;
    const seat = seats[at];
    if (seat === 'opening') return;
    if (seat?.readyState === 1) return act(seat, count);
    seats[at] = 'opening';
    seats[at] = await ground.socket();
  });
}

/** Media sockets on bare connections, each with its first frame and then more of them. */
async function onRawSockets(ground: SiegeGround, perSecond: number, first: Buffer, more: Buffer): Promise<void> {
  const sockets: Socket[] = [];
  await ground.every(perSecond, (count) => {
    const at = count % 20;
    if (sockets[at]?.destroyed === false) return ground.push(sockets[at], more);
    const socket = ground.connect();
    sockets[at] = socket;
    socket.write(Buffer.concat([signedUpgrade, first]));
  });
}

function sendRaw(ground: SiegeGround, frame: Buffer): void {
  ground.send(Buffer.concat([signedUpgrade, frame]));
}

function pingIfRead(socket: WebSocket, text: string): void {
  if (socket.bufferedAmount < 1_000_000) socket.ping(text);
}
