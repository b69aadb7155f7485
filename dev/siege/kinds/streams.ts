import type { WebSocket } from 'ws';
import { encodeBase64 } from '../../../src/encoding/base64.ts';
import { paths } from '../../../src/twilio/paths.ts';
import { siegeKinds } from '../siege-kind.ts';
import type { SiegeGround } from '../siege-ground.ts';
import type { SiegeLine } from '../siege-line.ts';

/** Twenty milliseconds that are no silence. */
const frame = encodeBase64(Uint8Array.from({ length: 160 }, (_, at) => (at * 37) % 256));

/** What a caller's phone may send on the attacker's own call, which Twilio signs for. */
export const streamKinds = siegeKinds({
  'audio-faster-than-time': (ground) => onCall(ground, 5_000, (line, count) => line.mediaMessage(frame, count * 20)),

  'audio-in-huge-frames': (ground) => {
    const huge = encodeBase64(new Uint8Array(45_000));
    return onCall(ground, 100, (line, count) => line.mediaMessage(huge, count * 5_625));
  },

  'audio-in-single-bytes': (ground) => onCall(ground, 2_000, (line, count) => line.mediaMessage('AA==', count)),

  'audio-with-gaps-of-a-minute': (ground) =>
    onCall(ground, 300, (line, count) => line.mediaMessage(frame, count * 60_000)),

  'audio-in-any-order': (ground) =>
    onCall(ground, 300, (line, count) => line.mediaMessage(frame, (count * 7_919) % 100_000)),

  'audio-that-is-none': (ground) => onCall(ground, 300, (line, count) => line.mediaMessage('%'.repeat(1_000), count)),

  'marks-nobody-asked-for': (ground) =>
    onCall(ground, 2_000, (line, count) => line.message('mark', { mark: { name: `${count}`.repeat(100) } })),

  'ten-thousand-keys': (ground) =>
    onCall(ground, 3_500, (line, count) =>
      line.message('dtmf', { dtmf: { track: 'inbound_track', digit: '0123456789*#'[count % 12] } }),
    ),

  'starts-again-and-again': (ground) => onCall(ground, 500, (line) => line.startMessage()),

  'messages-of-no-kind': (ground) =>
    onCall(ground, 1_000, (line, count) => line.message(`__proto__${count}`, { x: 'y'.repeat(1_000) })),

  'frames-of-other-streams': (ground) =>
    onCall(ground, 1_000, (line, count) => line.mediaMessage(frame, count * 20).replace(line.streamSid, 'MZ0')),

  'stops-and-goes-on': (ground) =>
    onCall(ground, 1_000, (line, count) =>
      count % 10 === 0 ? line.message('stop', { stop: {} }) : line.mediaMessage(frame, count * 20),
    ),

  'a-second-stream': async (ground) => {
    const call = await ground.call();
    await ground.every(50, async () => {
      const socket = await ground.socket();
      if (socket !== null && call !== null) ground.say(socket, call.line.startMessage());
    });
  },

  'streams-that-come-and-go': (ground) =>
    ground.every(20, async () => {
      const call = await ground.call();
      call?.socket.close();
      await call?.line.webhook(paths.streamEnded, { CallStatus: 'in-progress' });
    }),

  'calls-that-hang-up-at-once': (ground) =>
    ground.every(30, async () => {
      const line = ground.line();
      if (await line.dial()) await line.hangUp();
    }),

  'more-calls-than-fit': (ground) => ground.every(30, () => void ground.call()),

  'one-call-placed-again-and-again': async (ground) => {
    const line = ground.line();
    await ground.every(50, () => void line.dial());
  },

  'a-phone-that-does-not-read': (ground) => {
    const speech = JSON.stringify({
      serverContent: {
        modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm', data: encodeBase64(new Uint8Array(48_000)) } }] },
      },
    });
    return ground.asModel(
      (session) => {
        session.answerSetup();
        void ground.every(60, () => ground.say(session.socket, speech));
      },
      (socket) => socket.pause(),
    );
  },
});

/** The attacker's own call, on which so many messages come in each second. When Parley ends it, the attacker calls again. */
async function onCall(
  ground: SiegeGround,
  perSecond: number,
  message: (line: SiegeLine, count: number) => string,
): Promise<void> {
  let call: { readonly line: SiegeLine; readonly socket: WebSocket } | null = await ground.call();
  let isDialling = false;
  await ground.every(perSecond, async (count) => {
    if (call?.socket.readyState === 1) return ground.say(call.socket, message(call.line, count));
    if (isDialling) return;
    isDialling = true;
    call = await ground.call();
    isDialling = false;
  });
}
