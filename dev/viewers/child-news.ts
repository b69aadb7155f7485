import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The next message of a process that was forked. Rejects when it ends first. */
export async function childNews<News>(child: ChildProcess): Promise<News> {
  const stop = new AbortController();
  const { signal } = stop;
  const [news]: News[] = await Promise.race([
    once(child, 'message', { signal }),
    once(child, 'exit', { signal }).then(() => []),
  ]);
  stop.abort();
  if (news === undefined) throw new Error('The process of the calls has ended.');
  return news;
}
