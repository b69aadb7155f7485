import { systemSend } from './system-send.ts';
import { startGuard, stepBack } from './guard.ts';
import { ToolServer } from './tool-server.ts';
import type { ProcessOrder } from '../process-messages.ts';
import { thrownNews } from './thrown.ts';

/** How long what is told last may be on its way. */
const lastWordsMs = 1_000;

/** A process in which tools run, apart from the calls. It ends with its parent. */
startGuard();
stepBack();
const send = systemSend();
const server = new ToolServer(send);

process.on('message', (order: ProcessOrder) => server.take(order));
process.on('disconnect', () => process.exit());
// A promise that nobody waits for has failed: bad for its tool, and for nobody else.
process.on('unhandledRejection', (error) => send({ news: 'uncaught', error: thrownNews(error), ends: false }));
process.on('uncaughtException', (error) => {
  // What a tool has left behind in the middle of its work, nobody knows.
  send({ news: 'uncaught', error: thrownNews(error), ends: true }, () => process.exit(1));
  setTimeout(() => process.exit(1), lastWordsMs);
});
// Signals of a terminal reach the whole group. The parent says when it is time.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
