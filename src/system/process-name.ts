// What tells a process from all others in the journal. It begins with the name of its instance, so that whoever reads who has a call knows
// where that process is asked.

/** The name of a process. `instance`: what it is called in addresses, null without a name; `unique`: what no other process has. */
export function processName(instance: string | null, unique: string): string {
  return instance === null ? unique : `${instance}.${unique}`;
}

/** The instance of a process; null for one without a name, or of a version that did not write it down. */
export function instanceOf(process: string): string | null {
  const end = process.indexOf('.');
  return end === -1 ? null : process.slice(0, end);
}
