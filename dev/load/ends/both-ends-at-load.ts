import { createServer } from 'node:http';
import { listenOnAnyPort } from '../../../test/any-port.ts';
import { Lateness } from '../../siege/lateness.ts';
import type { LoadNews, LoadOrder } from '../load-orders.ts';
import { Crowd } from './crowd.ts';
import { surge } from './surge.ts';

/** A process of its own: both ends of all calls, so that one clock measures how long a message was on its way. */
const door = createServer();
const crowd = new Crowd(door);
const lateness = new Lateness();

process.on('message', (order: LoadOrder) => void obey(order));
process.on('disconnect', () => process.exit());

tell({ news: 'listening', modelUrl: `http://127.0.0.1:${await listenOnAnyPort(door)}` });

async function obey(order: LoadOrder): Promise<void> {
  try {
    switch (order.order) {
      case 'place':
        return tell({ news: 'talking', count: await crowd.place(order.port, order.count) });
      case 'measure':
        crowd.startOver();
        return lateness.startOver();
      case 'report':
        return tell({ news: 'measured', ...(await crowd.report(lateness.p99Ms)) });
      case 'surge':
        return tell({ news: 'surged', ...(await surge(crowd, order.port, order)) });
    }
  } catch (error) {
    tell({ news: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
}

function tell(news: LoadNews): void {
  process.send?.(news);
}
