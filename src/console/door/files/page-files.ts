import { createRequire } from 'node:module';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Request, Response } from 'express';
import { packageFolder } from '../../../config/package-folder.ts';
import { PrepareThread } from './prepare-thread.ts';
import type { PreparedFile } from './prepared-file.ts';
import { pagePackages, sharedSources } from './shared-sources.ts';

/** No dots but that of the ending, so that no path leads out of the folder. */
const webPath = /^\/(web(?:\/[a-z0-9-]+)+\.(?:ts|css|svg))$/;

const types: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface CachedFile {
  readonly mtimeMs: number;
  readonly file: Promise<PreparedFile>;
}

/** Where packages are found, by the path at which they are served. */
const packageFiles = new Map<string, string>(
  pagePackages.map((name) => [packagePath(name), createRequire(import.meta.url).resolve(name)]),
);

/** What the browser is told about bare imports. */
export const importMap = JSON.stringify({
  imports: Object.fromEntries(pagePackages.map((name) => [name, packagePath(name)])),
});

function packagePath(name: string): string {
  return `/packages/${name.replaceAll('/', '-')}.js`;
}

/** The files of the pages: styles, scripts whose types are stripped, and the few sources and packages that pages share with the server. */
export class PageFiles {
  readonly #thread = new PrepareThread();
  /** As many as there are files: nobody else can name one. */
  readonly #cache = new Map<string, CachedFile>();

  /** Sends the file that the request names. Resolves to false, with nothing sent, when there is none. */
  async send(req: Request, res: Response): Promise<boolean> {
    const path = fileOf(req.path);
    const file = path === null ? null : await this.#find(path);
    if (path === null || file === null) return false;
    const { plain, gzip, etag } = file;
    res.set({
      'content-type': types[extname(path)],
      etag,
      'cache-control': 'private, no-cache',
      vary: 'accept-encoding',
    });
    if (req.headers['if-none-match'] === etag) res.status(304).end();
    else if (req.acceptsEncodings('gzip') === 'gzip') res.set('content-encoding', 'gzip').end(gzip);
    else res.end(plain);
    return true;
  }

  stop(): void {
    this.#thread.stop();
  }

  async #find(path: string): Promise<PreparedFile | null> {
    const found = await stat(path).catch(() => null);
    if (found === null) return null;
    const { mtimeMs } = found;
    const cached = this.#cache.get(path);
    if (cached?.mtimeMs === mtimeMs) return cached.file;
    const file = this.#thread.prepare(path);
    this.#cache.set(path, { mtimeMs, file });
    // What failed is tried again when it is asked for again.
    file.catch(() => this.#cache.delete(path));
    return file;
  }
}

/** The file that an address means, or null. */
function fileOf(path: string): string | null {
  const source = path.slice(1);
  const inWeb = webPath.exec(path)?.[1];
  if (inWeb !== undefined || sharedSources.has(source)) return join(packageFolder, source);
  return packageFiles.get(path) ?? null;
}
