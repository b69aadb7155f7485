import type { Socket } from 'node:net';
import type { WorkerNews, WorkerOrder } from '../../src/workers/worker-news.ts';

/** A worker that answers every connection with its process id and what was read of it. It ends when a connection says so. */
process.on('message', (order: WorkerOrder, socket: Socket | undefined) => {
  if (order.order === 'stop') return process.exit(0);
  const start = Buffer.from(order.start).toString();
  if (start === 'end') process.exit(7);
  socket?.on('error', () => {});
  socket?.end(`${process.pid} ${start}`);
});
process.once('disconnect', () => process.exit(0));
tell({ news: 'up', adminPort: 1, calls: ['CA1'] });
tell({ news: 'load', taken: 2, noRoom: null, living: null, begun: ['CA2'] });

function tell(news: WorkerNews): void {
  process.send?.(news);
}
