import type { Page } from 'playwright-core';

/** Sees what a page does that no page of ours may do. */
export class WatchedPage {
  readonly page: Page;
  /** Each in words. */
  readonly troubles: string[] = [];

  /** `origin` is the only one that the page may load anything from. */
  constructor(page: Page, origin: string) {
    this.page = page;
    const add = (trouble: string): void => void this.troubles.push(trouble);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') add(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => add(`error: ${error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      const isOwn = url.host === new URL(origin).host || url.protocol === 'data:' || url.protocol === 'blob:';
      if (!isOwn) add(`asks ${url.origin}`);
    });
    page.on('dialog', (dialog) => {
      add(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }
}
