import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Told when something may have happened in the folders of some files. It may miss something, so whoever needs to know also looks. */
export class FolderWatch {
  readonly #onHint: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(onHint: () => void) {
    this.#onHint = onHint;
  }

  /**
   * Watches the folders of these files instead of those before. Editors put another file in the place of the old one, and Kubernetes turns
   * a link beside it, so it is the folder that sees it, and a watch of the file would stay with the old one.
   */
  follow(files: readonly string[]): void {
    const folders = new Set(files.map((file) => dirname(file)));
    for (const folder of this.#watchers.keys()) if (!folders.has(folder)) this.#leave(folder);
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#enter(folder);
  }

  close(): void {
    for (const folder of this.#watchers.keys()) this.#leave(folder);
  }

  #enter(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, this.#onHint);
      // A folder that was removed, or a machine that watches too much already: whoever looks by the clock sees it.
      watcher.on('error', () => this.#leave(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // The same: there is no folder yet, or it cannot be watched.
    }
  }

  #leave(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
