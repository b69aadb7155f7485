import { describe } from 'vitest';
import { MemoryStore } from '../../../src/sim/driver/memory-store.ts';
import type { JournalAnswer, JournalJob } from '../../../src/store/journal-job.ts';
import { clockContract, type MakePlace, storeContract } from '../../store/store-contract.ts';

const makePlace: MakePlace = () => {
  const store = new MemoryStore();
  return (process) => {
    const ask = <Kind extends JournalAnswer['kind']>(job: JournalJob, kind: Kind) =>
      answerOf(store.perform(job, process), kind);
    return {
      write: (items) => ask({ kind: 'write', items }, 'written').refusedHolds,
      read: (callSid) => ask({ kind: 'read', callSid }, 'call').call,
      owner: (callSid) => ask({ kind: 'owner', callSid }, 'owner').owner,
      takeOver: (callSid, hold, atMs, stream = null) =>
        ask({ kind: 'takeOver', callSid, hold, atMs, stream }, 'call').call,
      unfinished: () => ask({ kind: 'unfinished' }, 'calls').calls,
      closeUnfinished: (beforeMs, atMs, reason) =>
        ask({ kind: 'closeUnfinished', beforeMs, atMs, reason }, 'count').count,
      tell: () => ask({ kind: 'tell' }, 'count').count,
      prune: (beforeMs) => ask({ kind: 'prune', beforeMs }, 'count').count,
    };
  };
};

describe('the store of simulations', () => {
  storeContract(makePlace);
  clockContract(makePlace);
});

function isOfKind<Kind extends JournalAnswer['kind']>(
  answer: JournalAnswer,
  kind: Kind,
): answer is Extract<JournalAnswer, { kind: Kind }> {
  return answer.kind === kind;
}

function answerOf<Kind extends JournalAnswer['kind']>(
  answer: JournalAnswer,
  kind: Kind,
): Extract<JournalAnswer, { kind: Kind }> {
  if (!isOfKind(answer, kind)) throw new TypeError(`The answer is of the kind ${answer.kind}.`);
  return answer;
}
