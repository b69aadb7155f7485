import type { BrowserContextOptions, Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { type ChromiumOptions, openChromium } from '../../dev/browser/chromium.ts';
import { ownFiles } from '../../dev/browser/own-files.ts';
import { isDrawn } from '../../dev/browser/pages-from.ts';
import { WatchedPage } from '../../dev/browser/watched-page.ts';
import { type SceneOptions, ServiceScene } from '../e2e/service-scene.ts';

/** Longer than anything takes that a page does, on a machine that is busy with other work. */
const pageMsMax = 120_000;

/** What a browser meets: the service, and the browser itself. */
export interface BrowserSceneOptions extends SceneOptions {
  readonly chromium?: ChromiumOptions;
  readonly viewer?: BrowserContextOptions;
}

/** A real service with its pages, a simulated model, and a browser that is logged in. All end with the test. */
export class BrowserScene {
  readonly service: ServiceScene;
  readonly #watched: WatchedPage;

  private constructor(service: ServiceScene, watched: WatchedPage) {
    this.service = service;
    this.#watched = watched;
  }

  /** Skips the test where there is no browser. */
  static async open(context: TestContext, options: BrowserSceneOptions = {}): Promise<BrowserScene> {
    const found = await openChromium(options.chromium);
    if ('missing' in found) return context.skip(found.missing);
    context.onTestFinished(() => found.browser.close());
    const own = ownFiles(context);
    const service = await ServiceScene.open(context, {
      ...options,
      env: { ...own.env, ...options.env },
      parts: { ...own.parts, ...options.parts },
    });
    const viewer = await found.browser.newContext({ ...options.viewer });
    viewer.setDefaultTimeout(pageMsMax);
    const link = service.service.admin?.link ?? '';
    const watched = new WatchedPage(await viewer.newPage(), new URL(link).origin);
    await watched.page.goto(link);
    return new BrowserScene(service, watched);
  }

  get page(): Page {
    return this.#watched.page;
  }

  /** What the pages did that they may not do, each in words. Empty when all is well. */
  get troubles(): readonly string[] {
    return this.#watched.troubles;
  }

  /** The paths of the menu. */
  async menu(): Promise<string[]> {
    const links = await this.page.locator('nav[aria-label="Pages"] a').all();
    return Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
  }

  /** Opens a page by its path and waits until it shows what it has been waiting for. */
  async goTo(path: string): Promise<Page> {
    await this.page.goto(new URL(path, this.page.url()).href);
    await isDrawn(this.page);
    return this.page;
  }
}
