import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { packageFolder } from '../../config/package-folder.ts';
import { pagePackages } from '../door/files/shared-sources.ts';
import { pageEntry, type PageParts } from './call-file.ts';
import { pageModules } from './page-modules.ts';

/**
 * Reads what the page of a call is made of. Node says once that the stripping of types is experimental: whoever calls this runs in a thread
 * that keeps this to itself.
 */
export function readPageParts(): PageParts {
  const { resolve } = createRequire(import.meta.url);
  return {
    modules: pageModules(pageEntry, (path) => stripTypeScriptTypes(read(path))),
    packages: new Map(pagePackages.map((name) => [name, readFileSync(resolve(name), 'utf8')])),
    styles: ['web/shared/style.css', 'web/call/style.css'].map(read),
  };
}

function read(path: string): string {
  return readFileSync(join(packageFolder, path), 'utf8');
}
