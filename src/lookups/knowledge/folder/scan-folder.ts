import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { cannotBeRead } from '../../../errors.ts';
import { documentFormat, type DocumentFormat } from '../documents/read-document.ts';

/** A file of the folder that is to be read. */
export interface ScannedFile {
  readonly path: string;
  readonly format: DocumentFormat;
  readonly bytes: number;
  /** Its size and when it was changed: another text has another stamp. */
  readonly stamp: string;
}

/** What lies in a folder. */
export interface FolderScan {
  /** By their paths below the folder, with `/` between the parts, in the order of the alphabet. */
  readonly files: ReadonlyMap<string, ScannedFile>;
  /** What of it is left out that the admin may want, a sentence each. */
  readonly warnings: readonly string[];
}

/** Larger files are no documents that a person wrote. */
export const fileBytesMax = 50 * 1024 * 1024;

/** The stamps of these take some 100 ms to get. */
const filesMax = 2_000;

/** Folders within folders; deeper ones are a mistake or a trap. */
const depthMax = 16;

/** Files of all kinds, so that a folder that holds something else than documents does not keep the disk busy. */
const entriesMax = 20_000;

/** Documents that people expect to be read. */
const officeEnding = /\.(?:docx?|odt|rtf|pptx?|odp|xlsx?|ods|epub|pages|tex|rst|adoc|org)$/i;

/** Lists the documents of a folder. Hidden files, `node_modules`, and links that lead out of it are left out. Rejects if it cannot be read. */
export async function scanFolder(folder: string): Promise<FolderScan> {
  const scan = new Scan(await realpath(folder));
  await scan.folder(scan.root, 0);
  return scan.result();
}

class Scan {
  readonly root: string;
  readonly #files: [string, ScannedFile][] = [];
  readonly #warnings: string[] = [];
  readonly #unread: string[] = [];
  #entries = 0;

  constructor(root: string) {
    this.root = root;
  }

  /** Goes through a folder. One below the root that cannot be read is a warning. */
  async folder(path: string, depth: number): Promise<void> {
    if (depth > depthMax) {
      this.#warn(path, `lies more than ${depthMax} folders deep and is left out.`);
      return;
    }
    const entries = await this.#entriesOf(path);
    for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      this.#entries += 1;
      if (this.#entries > entriesMax) return;
      await this.#entry(join(path, entry.name), entry, depth);
    }
  }

  result(): FolderScan {
    const warnings = [...this.#warnings];
    if (this.#unread.length > 0) {
      const [first = ''] = this.#unread;
      const others = this.#unread.length === 1 ? '' : ` and ${this.#unread.length - 1} more`;
      warnings.push(`${first}${others}: only Markdown, text, HTML and PDF are read. Save them as PDF.`);
    }
    if (this.#entries > entriesMax)
      warnings.push(`The folder holds more than ${entriesMax} files; the rest is left out.`);
    const left = this.#files.length - filesMax;
    if (left > 0) warnings.push(`The folder holds more than ${filesMax} documents; ${left} are left out.`);
    return { files: new Map(this.#files.slice(0, filesMax)), warnings };
  }

  async #entriesOf(path: string): Promise<Dirent[]> {
    try {
      return await readdir(path, { withFileTypes: true });
    } catch (error) {
      if (path === this.root) throw error;
      this.#warn(path, `${cannotBeRead(error)}.`);
      return [];
    }
  }

  async #entry(path: string, entry: Dirent, depth: number): Promise<void> {
    if (entry.isDirectory()) await this.folder(path, depth + 1);
    else if (entry.isSymbolicLink()) await this.#link(path);
    else if (entry.isFile()) await this.#file(path);
  }

  /** A link to a file of the folder is one, as in volumes of Kubernetes, whose files are links into a hidden folder. */
  async #link(path: string): Promise<void> {
    const target = await realpath(path).catch(() => null);
    if (target === null) this.#warn(path, 'is a link to nothing.');
    else if (!target.startsWith(this.root + sep)) this.#warn(path, 'is a link out of the folder and is not followed.');
    else await this.#file(path);
  }

  async #file(path: string): Promise<void> {
    const format = documentFormat(path);
    if (format === null) {
      if (officeEnding.test(path)) this.#unread.push(this.#named(path));
      return;
    }
    const stats = await stat(path).catch(() => null);
    // It went while we looked, or is a link to a folder.
    if (stats === null || !stats.isFile()) return;
    if (stats.size > fileBytesMax) {
      this.#warn(path, `is larger than ${fileBytesMax / 1024 / 1024} MB and is left out.`);
      return;
    }
    this.#files.push([
      this.#named(path),
      { path, format, bytes: stats.size, stamp: `${stats.size}:${stats.mtimeMs}:${stats.ino}` },
    ]);
  }

  #warn(path: string, what: string): void {
    this.#warnings.push(`${this.#named(path)} ${what}`);
  }

  #named(path: string): string {
    return relative(this.root, path).replaceAll(sep, '/');
  }
}
