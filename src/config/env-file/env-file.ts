/** What a file such as `.env` says, and what is wrong with how it says it. */
export interface EnvFile {
  /** How messages call the file, such as ".env". */
  readonly label: string;
  /** The assignments that were read, by name. */
  readonly values: ReadonlyMap<string, Assignment>;
  /** Names in lines that could not be read: what they would have been is not known. */
  readonly unread: ReadonlySet<string>;
  /** Comments of the form `#NAME=value`. */
  readonly comments: ReadonlyMap<string, Assignment>;
  /** What Parley would misread, one sentence each, without any value. */
  readonly problems: readonly string[];
  /** What Parley reads as it was meant, and other programs may not. */
  readonly warnings: readonly string[];
}

interface Assignment {
  /** Counted from 1. */
  readonly line: number;
  readonly value: string;
}

/** Where no file is read. */
export const noEnvFile: EnvFile = {
  label: '.env',
  values: new Map(),
  unread: new Set(),
  comments: new Map(),
  problems: [],
  warnings: [],
};
