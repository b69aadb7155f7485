import { h } from 'preact';
import type { CallHead } from '../../src/console/recording/envelope.ts';

/** What can be taken along of a call, and the other logs of it: each process that had it wrote one. */
export function CallLinks({ part, callSid }: { part: CallHead['part']; callSid: string }) {
  const { number, count, by } = part;
  const path = `/api/calls/${encodeURIComponent(callSid)}/recording`;
  const others = Array.from({ length: count }, (_, at) => at + 1).filter((each) => each !== number);
  return h('p', { class: 'links' }, [
    h('a', { href: `${path}.html?part=${number}`, download: '' }, 'Save this page'),
    ' · ',
    h('a', { href: `${path}.wav?part=${number}`, download: '' }, 'Save the sound'),
    by === null ? null : ` · Recorded by ${by}`,
    count === 1 ? null : ` · Part ${number} of ${count}: another process went on with the call. `,
    others.map((each) => h('a', { key: each, href: `?part=${each}` }, `Part ${each} `)),
  ]);
}
