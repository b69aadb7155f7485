import { type ChildProcess, fork } from 'node:child_process';
import { childNews } from '../../viewers/child-news.ts';

/** Callers or model in a process of their own, which ends with this one. */
export class EndProcess<Order extends object, News extends { readonly news: string }> {
  readonly #child: ChildProcess;
  readonly #kill = (): void => void this.#child.kill('SIGKILL');

  constructor(script: URL) {
    this.#child = fork(script, { stdio: 'inherit', serialization: 'advanced' });
    process.once('exit', this.#kill);
  }

  /** Gives an order and waits for what it is answered by. */
  async ask<Name extends News['news']>(order: Order, name: Name): Promise<Extract<News, { news: Name }>> {
    const coming = childNews<News>(this.#child);
    this.#child.send(order);
    const news = await coming;
    if (isNews(news, name)) return news;
    throw new Error(`Not ${name} but ${news.news}.`);
  }

  close(): void {
    this.#kill();
    process.off('exit', this.#kill);
  }
}

function isNews<News extends { readonly news: string }, Name extends News['news']>(
  news: News,
  name: Name,
): news is Extract<News, { news: Name }> {
  return news.news === name;
}
