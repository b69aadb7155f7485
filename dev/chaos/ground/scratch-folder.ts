import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server that has just been told to end may still write. */
const tries = { maxRetries: 5, retryDelay: 100 };

/** A temporary folder that is gone with this process at the latest. */
export class ScratchFolder {
  readonly path: string;
  readonly #remove = (): void => rmSync(this.path, { recursive: true, force: true, ...tries });

  /** `name` begins the name of the folder. */
  constructor(name: string) {
    this.path = mkdtempSync(join(tmpdir(), `${name}-`));
    process.once('exit', this.#remove);
  }

  remove(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}
