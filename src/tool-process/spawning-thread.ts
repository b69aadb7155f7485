import { parentPort } from 'node:worker_threads';
import { systemClock } from '../system/clock.ts';
import type { ThreadNews, ThreadOrder } from './process-thread.ts';
import { ToolChild } from './tool-child.ts';

/** Starts one tool process after the other, and stands between it and the thread of the calls. */
let child: ToolChild | null = null;

parentPort?.on('message', (order: ThreadOrder) => {
  switch (order.does) {
    case 'start':
      child = new ToolChild(order.lane, systemClock, {
        onNews: (news) => say({ says: 'news', news }),
        onLine: (line) => say({ says: 'line', line }),
        onGone(how) {
          child = null;
          say({ says: 'gone', how });
        },
      });
      return say({ says: 'started', pid: child.pid });
    case 'tell':
      return child?.send(order.order);
    case 'kill':
      return child?.kill(order.why);
    case 'end':
      return void end(order.msMax);
  }
});

async function end(msMax: number): Promise<void> {
  await child?.end(msMax);
  say({ says: 'ended' });
}

function say(news: ThreadNews): void {
  parentPort?.postMessage(news, []);
}
