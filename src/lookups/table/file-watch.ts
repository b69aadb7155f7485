import { statSync } from 'node:fs';

/** How often files are looked at. A look costs microseconds, and works on network and container file systems, which tell of no changes. */
const lookMsUsual = 1_000;

/** How many looks in a row must find a changed file as it is before it is read, so that half of it is not taken for all. */
const stillLooks = 3;

/** A watch over files. */
export interface FileWatch {
  readonly close: () => void;
}

/** What tells one state of files from another without reading them. A file that is missing has a state too. */
export function fileState(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? 'none' : `${stats.ino}-${stats.size}-${stats.mtimeMs}`;
    })
    .join(' ');
}

/** Calls `changed` each time that one of the files has changed and all of them have stood still again. */
export function watchFiles(paths: readonly string[], changed: () => void, lookMs = lookMsUsual): FileWatch {
  let told = stateOrFault(paths);
  let seen = told;
  let looks = 0;
  const timer = setInterval(() => {
    const state = stateOrFault(paths);
    looks = state === seen ? looks + 1 : 1;
    seen = state;
    if (state === told || looks < stillLooks) return;
    told = state;
    changed();
  }, lookMs);
  // What else keeps the process alive decides how long it lives.
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** A folder that may not be looked into is a state like any other: whoever reads the file says what is wrong. */
function stateOrFault(paths: readonly string[]): string {
  try {
    return fileState(paths);
  } catch (error) {
    return String(error);
  }
}
