import { siegeKinds } from '../siege-kind.ts';

/** As bytes, which cost whoever sends them nothing: a generator that is late measures itself. */
const sixteenMegabytes = Buffer.from(`{"a":"${'x'.repeat(16_000_000)}"}`);

/** What the attacker's model may do with its sockets. */
export const modelSessionKinds = siegeKinds({
  'never-answers-the-setup': (ground) => ground.asModel(() => {}),

  'talks-before-the-setup': (ground) =>
    ground.asModel((session) => {
      const text = JSON.stringify({ serverContent: { outputTranscription: { text: 'x'.repeat(500_000) } } });
      void ground.every(20, () => ground.say(session.socket, text));
    }),

  'sixteen-megabytes-before-the-setup': (ground) =>
    ground.asModel(({ socket }) => socket.send(sixteenMegabytes, { binary: false })),

  'sixteen-megabytes-in-the-call': (ground) =>
    ground.asModel((session) => {
      session.answerSetup();
      session.socket.send(sixteenMegabytes, { binary: false });
    }),

  'closes-with-long-reasons': (ground) =>
    ground.asModel((session) => session.socket.close(1008, 'https://key@example '.repeat(6))),

  'opens-and-closes': (ground) =>
    ground.asModel((session) => {
      session.answerSetup();
      session.socket.close(1011, 'again');
    }),

  'cuts-in-a-word': (ground) =>
    ground.asModel((session) => {
      session.answerSetup();
      session.socket.send('{"serverContent":{"modelTurn":{"parts":[{"text":"I"}]}}}', () => session.socket.terminate());
    }),

  'says-setup-complete-again': (ground) => ground.modelSays(1_000, () => '{"setupComplete":{"sessionId":"a"}}'),

  'reads-nothing': (ground) =>
    ground.asModel((session) => {
      session.answerSetup();
      session.socket.pause();
    }),

  'pings-without-end': (ground) =>
    ground.asModel((session) => {
      session.answerSetup();
      void ground.every(3_000, () => {
        if (session.socket.readyState === 1 && session.socket.bufferedAmount < 1_000_000)
          session.socket.ping('x'.repeat(100));
      });
    }),

  'a-message-in-fragments': (ground) =>
    ground.asModel((session) => {
      session.answerSetup();
      void ground.every(2_000, () => {
        if (session.socket.readyState === 1) session.socket.send('x', { fin: false });
      });
    }),
});
