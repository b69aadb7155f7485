/** What workers are called: `w0`, `w1` and so on. */
export function workerNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `w${at}`);
}

/** Where one of several workers keeps its journal: `journal.w0.sqlite` beside `journal.sqlite`. */
export function workerJournal(file: string, worker: string): string {
  const [, before = file, ending = ''] = /^(.+?)(\.[^./\\]+)?$/s.exec(file) ?? [];
  return `${before}.${worker}${ending}`;
}

/** The files that keep the journal which is set as `file`: itself, or one for each of so many workers. */
export function journalFiles(file: string, workers: number | null): readonly string[] {
  return workers === null ? [file] : workerNames(workers).map((name) => workerJournal(file, name));
}
