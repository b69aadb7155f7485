import { ParleyError } from '../errors.ts';
import type { LookupOptions } from './lookup-kind.ts';

/** Refuses an entry of a kind that changes nothing when it says that it does. Throws `tools.fileInvalid`. */
export function checkOnlyReads({ name, effect, confirm }: LookupOptions, kind: string): void {
  if (effect !== 'write' && !confirm) return;
  const field = effect === 'write' ? '"effect: write"' : '"confirm: true"';
  throw new ParleyError('tools.fileInvalid', `${name}: a lookup of kind ${kind} changes nothing; leave out ${field}.`);
}
