/** Where one of several workers keeps its journal: `journal.w0.sqlite` beside `journal.sqlite`. */
export function workerJournal(file: string, worker: string): string {
  const [, before = file, ending = ''] = /^(.+?)(\.[^./\\]+)?$/s.exec(file) ?? [];
  return `${before}.${worker}${ending}`;
}
