import { describe, expect, test } from 'vitest';
import { FuzzFinding, type FuzzKind } from '../../dev/fuzz/fuzz-kind.ts';
import { fuzz } from '../../dev/fuzz/fuzz-run.ts';
import { treeOf } from '../../dev/fuzz/json-tree.ts';
import { fuzzKinds } from '../../dev/fuzz/kinds/all-kinds.ts';
import { MemoryWatch } from '../../dev/fuzz/memory-watch.ts';
import { draftText } from '../../dev/fuzz/mutation.ts';
import { fuzzSockets } from '../../dev/fuzz/sockets/fuzz-sockets.ts';
import { attack } from '../../dev/fuzz/two-calls.ts';

/** `npm run fuzz` tries a million. */
const inputsOfTest = 1_000;

describe('mutated inputs do no harm', () => {
  test('as kinds that share them all', () => {
    expect(fuzzKinds.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(new Set(fuzzKinds.map(({ name }) => name)).size).toBe(fuzzKinds.length);
  });

  test.for(fuzzKinds)('as $name', (kind) => {
    const { inputs, failure } = fuzz(kind, { inputs: inputsOfTest * kind.share, seed: 1 });
    expect(failure).toBeNull();
    expect(inputs).toBeGreaterThan(0);
  });

  test('over real sockets', async () => {
    expect(await fuzzSockets(48, 1)).toEqual({ inputs: 48, finding: null });
  });
});

describe('the fuzzer', () => {
  /** Fails on a member that came twice, with one of another type behind it. */
  const planted: FuzzKind = {
    name: 'planted',
    share: 1,
    bases: ['{"event":"mark","mark":{"name":"g1.1"}}'],
    trialInputsMax: 20,
    trial(texts) {
      if (texts.some((text) => /"name":"g1\.1","name":null/.test(text))) throw new FuzzFinding('Twice.');
    },
  };

  test('finds what is planted, and again by its seed and path alone', () => {
    const { failure } = fuzz(planted, { inputs: 200_000, seed: 1 });
    expect(failure?.inputs).toContainEqual(expect.stringContaining('"name":"g1.1","name":null'));
    expect(failure?.inputs.length).toBeLessThan(5);
    const { seed = 0, path = '' } = failure ?? {};
    const again = fuzz(planted, { inputs: 1, seed, path });
    expect(again.failure?.inputs).toEqual(failure?.inputs);
  });

  test.for([
    ['leaves the call beside without its stream', 'beside', /beside/],
    ['makes the service log an error', 'log', /logged/],
    ['changes what the call beside hears', 'talk', /otherwise/],
    ['leaves a new caller without an answer', 'answers', /new caller/],
  ] as const)('sees an input that %s', ([, what, finding]) => {
    const harm = (): void =>
      attack(['x'], ({ bench, beside }) => {
        if (what === 'beside') beside.stream.socket.closed(1006, '');
        else if (what === 'log') bench.log.logger.error('callCrashed');
        else if (what === 'answers') Object.assign(bench.service.webhooks, { take: () => {} });
        else bench.modelSays(beside.session, { serverContent: { interrupted: true } });
      });
    expect(harm).toThrow(finding);
  });

  test('writes what JSON.stringify would not', () => {
    const tree = treeOf({ event: 'mark' });
    const texts = new Set(Array.from({ length: 2_000 }, (_, at) => draftText([tree], [0, [[at % 13, at, at]]])));
    for (const wanted of [
      '{}',
      '{"event":"mark","event":"mark"}',
      '{"__proto__":"mark"}',
      '{"event":1e999}',
      '{"event":NaN}',
    ]) {
      expect(texts).toContain(wanted);
    }
  });

  test.for([
    [8, true],
    [9, false],
  ])('says of a heap that grows by %i MB whether it is flat: %s', ([growthMb, isFlat]) => {
    let heapBytes = 30 * 1024 * 1024;
    const watch = new MemoryWatch(4, () => heapBytes);
    watch.look(1);
    heapBytes += Number(growthMb) * 1024 * 1024;
    watch.look(4);
    expect(watch.isFlat).toBe(isFlat);
    expect(watch.text).toMatch(/^heap at quarters 30.0, (?:3[89].0(?:, )?){3} MB$/);
  });
});
