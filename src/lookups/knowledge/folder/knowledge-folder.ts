import { setImmediate, setTimeout } from 'node:timers/promises';

import type { ToolLog } from '../../../tools/tool.ts';
import { DocumentReader } from '../documents/document-reader.ts';
import type { DocumentLanguage } from '../search/document-language.ts';
import { type FoundPassage, PassageIndex } from '../search/passage-index.ts';
import type { PreparedDocument } from '../search/prepare-passages.ts';
import { type FolderScan, type ScannedFile, scanFolder } from './scan-folder.ts';

/** Some 15,000 pages, and 200 MB of memory. In more, a question takes longer than a caller should wait for. */
const folderPassagesMax = 50_000;

/** What is not read by then is read while calls are answered already: the service must come up, however much there is to read. */
const openMsMax = 30_000;

/** How soon a changed file is noticed. It is read when two looks found it the same, so that none is read half written. */
const lookMsMin = 2_000;

/** Looking takes at most this share of the time, on however slow a disk. */
const lookShareMax = 0.02;

/** Passages that are written in one go: some 5 ms, in which no search is answered. */
const batchPassages = 50;

/** What a folder is opened with. */
interface KnowledgeFolderSettings {
  readonly folder: string;
  /** The language of all its documents; null to find out for each. */
  readonly language: DocumentLanguage | null;
  readonly log: ToolLog;
  /** Other documents can be found than before. */
  readonly onChange: () => void;
}

/**
 * The documents of a folder and their passages, which follow the files: what is new or changed is read, what is gone is gone. It looks
 * every few seconds rather than have the system tell, which it does not for folders of a network or of a container's host.
 */
export class KnowledgeFolder {
  readonly #settings: KnowledgeFolderSettings;
  readonly #reader = new DocumentReader();
  readonly #index = new PassageIndex();
  /** The stamps of the files as they were read, and how many passages each has. */
  readonly #read = new Map<string, { readonly stamp: string; readonly passages: number }>();
  /** The stamps of the last look. */
  #seen: ReadonlyMap<string, ScannedFile> = new Map();
  #lost = false;
  #look: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor(settings: KnowledgeFolderSettings) {
    this.#settings = settings;
  }

  /** Reads the folder and goes on looking at it. Rejects with what the system says when it cannot be read. */
  static async open(
    settings: KnowledgeFolderSettings,
  ): Promise<{ folder: KnowledgeFolder; warnings: readonly string[] }> {
    const folder = new KnowledgeFolder(settings);
    try {
      const warnings = await folder.#readAll();
      return { folder, warnings };
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** The documents that can be found, by their paths below the folder. */
  get files(): readonly string[] {
    return [...this.#read].filter(([, { passages }]) => passages > 0).map(([file]) => file);
  }

  get passages(): number {
    return this.#index.passages;
  }

  search(asked: string, passagesMax: number): FoundPassage[] {
    return this.#index.search(asked, passagesMax);
  }

  /** Ends looking and reading, and forgets the passages. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#reader.rest();
    await this.#look;
    this.#index.close();
  }

  /** Reads what there is, for as long as a start may take; what is left goes on being read. */
  async #readAll(): Promise<string[]> {
    const scan = await scanFolder(this.#settings.folder);
    this.#seen = scan.files;
    const warnings = [...scan.warnings];
    let isOpen = false;
    this.#look = this.#readFirst(scan, (file, what) => {
      if (isOpen) this.#settings.log('knowledgeFileWarning', { file, what });
      else warnings.push(`${file} ${what}`);
    }).catch((error: unknown) => this.#settings.log('knowledgeFolderUnreadable', { why: String(error) }));
    const budget = new AbortController();
    const deadline = setTimeout(openMsMax, undefined, { signal: budget.signal, ref: false }).catch(() => {});
    await Promise.race([this.#look, deadline]);
    budget.abort();
    isOpen = true;
    const left = scan.files.size - this.#read.size;
    if (left > 0) warnings.push(`${left} of ${scan.files.size} documents are still being read, and are found later.`);
    return warnings;
  }

  /** The small ones come first, so that one that takes long does not hold up all others. */
  async #readFirst({ files }: FolderScan, warn: (file: string, what: string) => void): Promise<void> {
    const beganMs = performance.now();
    for (const [name, file] of [...files].toSorted(([, one], [, other]) => one.bytes - other.bytes)) {
      for (const what of await this.#take(name, file)) warn(name, what);
      if (this.#isClosed) return;
    }
    await this.#reader.rest();
    const ms = Math.round(performance.now() - beganMs);
    this.#settings.log('knowledgeRead', { files: this.files.length, passages: this.passages, ms });
    this.#settings.onChange();
    this.#lookIn(lookMsMin);
  }

  #lookIn(ms: number): void {
    if (this.#isClosed) return;
    this.#timer = globalThis.setTimeout(() => {
      this.#look = this.#lookAgain();
    }, ms);
    this.#timer.unref();
  }

  /** Never rejects: a folder that is gone for a while, as during a deployment, keeps what was read of it. */
  async #lookAgain(): Promise<void> {
    const beganMs = performance.now();
    let lookMs = lookMsMin;
    try {
      const scan = await scanFolder(this.#settings.folder);
      lookMs = performance.now() - beganMs;
      this.#lost = false;
      await this.#follow(scan);
    } catch (error) {
      if (!this.#lost && !this.#isClosed) this.#settings.log('knowledgeFolderUnreadable', { why: String(error) });
      this.#lost = true;
    }
    this.#lookIn(Math.max(lookMsMin, lookMs / lookShareMax));
  }

  async #follow({ files }: FolderScan): Promise<void> {
    const gone = [...this.#read.keys()].filter((name) => !files.has(name));
    for (const name of gone) this.#forget(name);
    let taken = 0;
    for (const [name, file] of files) {
      if (this.#isClosed) return;
      if (this.#read.get(name)?.stamp === file.stamp || this.#seen.get(name)?.stamp !== file.stamp) continue;
      const said = await this.#take(name, file);
      for (const what of said) this.#settings.log('knowledgeFileWarning', { file: name, what });
      taken += 1;
    }
    this.#seen = files;
    if (taken > 0) await this.#reader.rest();
    if (taken + gone.length > 0) {
      this.#settings.log('knowledgeChanged', { read: taken, gone: gone.length, passages: this.passages });
      this.#settings.onChange();
    }
  }

  /** Reads a file into the index. What is wrong with it is said in sentences without their subject, and hinders no other. */
  async #take(name: string, { path, format, stamp }: ScannedFile): Promise<string[]> {
    const room = folderPassagesMax - this.passages + (this.#read.get(name)?.passages ?? 0);
    const answer = await this.#reader.read({ path, format, language: this.#settings.language, passagesMax: room });
    if (this.#isClosed) return [];
    if (answer.kind === 'unreadable') {
      this.#forget(name);
      this.#read.set(name, { stamp, passages: 0 });
      return [answer.why];
    }
    await this.#write(name, answer.document);
    this.#read.set(name, { stamp, passages: answer.document.passages.length });
    const { passagesLeftOut } = answer.document;
    const full = `is left out from some place on: the folder holds more than ${folderPassagesMax} passages.`;
    return passagesLeftOut > 0 ? [...answer.warnings, full] : [...answer.warnings];
  }

  async #write(name: string, { title, language, passages }: PreparedDocument): Promise<void> {
    const document = this.#index.begin(name, title, language);
    for (let at = 0; at < passages.length; at += batchPassages) {
      this.#index.add(document, passages.slice(at, at + batchPassages));
      await setImmediate();
      if (this.#isClosed) return;
    }
    this.#index.finish(document, name);
  }

  #forget(name: string): void {
    if ((this.#read.get(name)?.passages ?? 0) > 0) this.#index.remove(name);
    this.#read.delete(name);
  }
}
