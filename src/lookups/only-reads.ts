import type { MemberFault } from '../admin-file/issue-words.ts';
import type { LookupOptions } from './lookup-kind.ts';

/** What is wrong with an entry of a kind that changes nothing, and says that it does. */
export function readerFaults({ effect }: LookupOptions): MemberFault[] {
  return effect === 'write'
    ? [{ path: ['effect'], what: 'is write, and this kind changes nothing; leave it out' }]
    : [];
}
