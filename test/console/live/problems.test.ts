import { expect, test } from 'vitest';
import { Problems, type ServiceHealth } from '../../../src/console/live/problems.ts';

const well: ServiceHealth = {
  modelRefusals: [],
  refusals: [],
  turnedAway: { full: 0, draining: 0, overloaded: 0 },
  journal: { kind: 'open', queuedEntries: 0, droppedEntries: 0, outboxEntries: 0, movedAside: null, lastError: null },
  agentProblems: [],
};

function watch(): {
  is: (health: Partial<ServiceHealth>) => void;
  codes: () => string[];
  passes: (ms: number) => void;
} {
  let nowMs = 1_000_000;
  let health = well;
  const problems = new Problems(
    () => health,
    () => nowMs,
  );
  return {
    is: (other) => (health = { ...health, ...other }),
    codes: () => problems.now.map(({ code, met }) => (met === null ? code : `${code} ${met.times}`)),
    passes: (ms) => (nowMs += ms),
  };
}

test('a service that is well has no problem', () => {
  expect(watch().codes()).toEqual([]);
});

test('what the model refuses for good, a journal that fails, and callers without room are problems', () => {
  const { is, codes } = watch();
  is({
    modelRefusals: [{ fault: 'model.quotaExceeded', sinceMs: 0, lastMs: 0, count: 4 }],
    journal: { ...well.journal, kind: 'failing', lastError: 'journal.full' },
    turnedAway: { full: 2, draining: 1, overloaded: 3 },
    agentProblems: ['agents.yaml:2:3 agents.a.voise is not known here.', 'another one'],
  });
  expect(codes()).toEqual([
    'model.quotaExceeded 4',
    'journal.full',
    'agents.fileInvalid',
    'calls.full 2',
    'calls.overloaded 3',
  ]);
  is({ agentProblems: [] });
  expect(codes()).not.toContain('agents.fileInvalid');
});

test('refused webhooks are a problem while they go on; a stranger at another door is none', () => {
  const { is, codes, passes } = watch();
  const refused = (count: number): void =>
    is({
      refusals: [
        { refusal: 'webhookRefused', fault: 'webhook.signatureInvalid', count },
        { refusal: 'requestRefused', fault: 'http.notLocal', count },
        { refusal: 'connectionRefused', fault: null, count },
      ],
    });
  refused(3);
  expect(codes()).toEqual(['webhook.signatureInvalid 3']);
  passes(9 * 60_000);
  refused(4);
  expect(codes()).toEqual(['webhook.signatureInvalid 4']);
  passes(10 * 60_000);
  expect(codes()).toEqual([]);
  refused(5);
  expect(codes()).toEqual(['webhook.signatureInvalid 1']);
});
