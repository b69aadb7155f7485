import type { DocumentLanguage } from '../search/document-language.ts';
import type { PreparedDocument } from '../search/prepare-passages.ts';
import type { DocumentFormat } from './read-document.ts';

/** A file to read, as it is sent to the thread that reads. */
export interface ReadJob {
  readonly path: string;
  readonly format: DocumentFormat;
  /** The language of its words; null to find out. */
  readonly language: DocumentLanguage | null;
  readonly passagesMax: number;
}

/** What became of it. Sentences lack their subject, the file. */
export type DocumentAnswer =
  | { readonly kind: 'read'; readonly document: PreparedDocument; readonly warnings: readonly string[] }
  | { readonly kind: 'unreadable'; readonly why: string };
