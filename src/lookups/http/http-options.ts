import type { MemberFault } from '../../admin-file/issue-words.ts';
import type { JsonObject } from '../../encoding/json.ts';
import type { LookupOptions } from '../lookup-kind.ts';

/** What is wrong with what an `http` entry says of its effect and of its request together. */
export function faultsTogether({ effect }: LookupOptions, fields: JsonObject): MemberFault[] {
  const faults: MemberFault[] = [];
  const { method, retries, cache_seconds: cacheSeconds, idempotency_header: idempotencyHeader } = fields;
  if (method !== 'GET' && effect === null) {
    const what = `is missing, and method is ${String(method)}; it wants write, or read if the request changes nothing`;
    faults.push({ path: ['effect'], what });
  }
  if (effect === 'write') {
    const dangerous = 'belongs to a read: a write may have been done although no answer came';
    if (typeof retries === 'number' && retries > 0) faults.push({ path: ['retries'], what: dangerous });
    if (typeof cacheSeconds === 'number' && cacheSeconds > 0) {
      faults.push({
        path: ['cache_seconds'],
        what: 'belongs to a read: what was done once is no answer to another wish',
      });
    }
  } else if (idempotencyHeader !== undefined) {
    faults.push({ path: ['idempotency_header'], what: 'belongs to a write; it wants effect: write' });
  }
  return faults;
}
