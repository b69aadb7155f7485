import type { Socket } from 'node:net';
import { paths } from '../../../src/twilio/paths.ts';
import { siegeKinds } from '../siege-kind.ts';
import type { SiegeGround } from '../siege-ground.ts';
import { formText, requestText } from './http-text.ts';

const formHead = formText(paths.voice, '', ['content-length: 60000']);

/** What anybody may do with connections to the port. */
export const connectionKinds = siegeKinds({
  'slow-headers': (ground) => trickle(ground, `POST ${paths.voice} HTTP/1.1\r\n`, 'x: 1\r\n'),

  'slow-bodies': (ground) => trickle(ground, formHead, 'a'),

  'half-open': (ground) => ground.every(200, () => void ground.connect()),

  'gone-at-once': (ground) =>
    ground.every(300, () => {
      const socket = ground.connect();
      socket.on('connect', () => socket.destroy());
    }),

  'reset-within-the-body': (ground) =>
    ground.every(200, () => {
      const socket = ground.connect();
      socket.write(formHead, () => socket.resetAndDestroy());
    }),

  'half-closed': (ground) => ground.every(200, () => void ground.connect().end(requestText('GET /healthz'))),

  pipelined: (ground) => {
    const bytes = Buffer.concat(Array.from({ length: 50 }, () => requestText('GET /healthz')));
    return ground.every(10, () => ground.send(bytes));
  },

  'answers-that-nobody-reads': async (ground) => {
    const sockets = Array.from({ length: 5 }, () => ground.connect().pause());
    const bytes = Buffer.concat(Array.from({ length: 10 }, () => requestText('GET /healthz')));
    await ground.every(20, (count) => pushTo(ground, sockets, count, bytes));
  },

  'kept-alive': async (ground) => {
    const sockets = Array.from({ length: 100 }, () => ground.connect());
    await ground.every(300, (count) => pushTo(ground, sockets, count, formText(paths.status, 'a=1')));
  },

  'not-http': (ground) => {
    const hellos = [Buffer.from('160301020001000100', 'hex'), Buffer.from('SSH-2.0-x\r\n'), Buffer.alloc(10_000, 0xff)];
    return ground.every(200, (count) => ground.send(hellos[count % hellos.length] ?? ''));
  },
});

/** Opens connections that say their next bytes just often enough to look alive. */
async function trickle(ground: SiegeGround, head: string | Uint8Array, next: string): Promise<void> {
  const sockets = Array.from({ length: 300 }, () => ground.connect());
  for (const socket of sockets) socket.write(head);
  await ground.every(600, (count) => pushTo(ground, sockets, count, next));
}

/** Pushes to one after the other. Those that the service has cut are opened again. */
function pushTo(ground: SiegeGround, sockets: Socket[], count: number, bytes: string | Uint8Array): void {
  const at = count % sockets.length;
  const socket = sockets[at]?.destroyed === false ? sockets[at] : ground.connect();
  sockets[at] = socket;
  ground.push(socket, bytes);
}
