/** A file as it is sent. */
export interface PreparedFile {
  readonly plain: Uint8Array;
  readonly gzip: Uint8Array;
  readonly etag: string;
}

/** A file that a thread is to prepare. */
export interface PrepareJob {
  readonly id: number;
  readonly path: string;
}

/** What comes of a job; `why` when it fails. */
export type PrepareReply =
  | { readonly id: number; readonly file: PreparedFile }
  | { readonly id: number; readonly why: string };
