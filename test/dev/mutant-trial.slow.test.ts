import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { baselineOf, type Baseline } from '../../dev/mutants/trial/baseline.ts';
import { mutantsOfRooms } from '../../dev/mutants/drawing/draw.ts';
import { type Mutant, mutantOf } from '../../dev/mutants/mutant.ts';
import { type Room, rooms } from '../../dev/mutants/room.ts';
import { tryMutant } from '../../dev/mutants/trial/try-mutant.ts';
import { TypeCheck } from '../../dev/mutants/type-check.ts';

const playout = 'src/call/agent/playout.ts';
const drain = 'src/host/drain.ts';
const [call, host] = [room('call'), room('host')];
const shown = 'barge-in';

test('a trial that changes nothing survives', async () => {
  const mutant = replacing(playout, 'get isEmpty', 'get isEmpty');
  expect(await tryMutant(call, mutant, shownBy(mutant))).toEqual({ kind: 'survived', differsAt: null });
});

test('a trial that loses what was heard is caught by a fixture, which is named', async () => {
  const mutant = replacing(playout, 'this.#heardBytes += bytes', 'void 0');
  const verdict = await tryMutant(call, mutant, shownBy(mutant));
  expect(verdict).toEqual({ kind: 'fixtures', what: expect.stringMatching(/^barge-in: line \d+/) });
});

test('a trial that cannot even begin is caught, and says what was thrown', async () => {
  const mutant = replacing(playout, 'export class Playout', 'missing(); export class Playout');
  const verdict = await tryMutant(call, mutant, shownBy(mutant));
  expect(verdict).toEqual({ kind: 'fixtures', what: expect.stringContaining('ReferenceError') });
});

test('a trial of a file that no call loads counts for nothing', async () => {
  const mutant = replacing('src/check-node.js', 'process', 'process');
  expect((await tryMutant(call, mutant, shownBy(mutant))).kind).toBe('notRun');
});

test('a trial of the host is caught by a scenario that is played again', async () => {
  const mutant = replacing('src/twilio/stream-messages.ts', "event: 'clear'", "event: 'clean'");
  const verdict = await tryMutant(room('twilio'), mutant, shownBy(mutant));
  expect(verdict).toEqual({ kind: 'fixtures', what: expect.stringMatching(/^barge-in: line \d+ differs/) });
});

test('a trial that no call shows is caught by a test of its room, which is named, or survives it', async () => {
  const waits = replacing(drain, 'registry.awaitQuestions(released);', '');
  const verdict = await tryMutant(host, waits, shownBy(null));
  expect(verdict).toEqual({ kind: 'tests', what: expect.stringMatching(/^test\/host\/\w[-\w]*\.test\.ts > /) });
  const same = replacing(drain, 'const isEmpty', 'const isEmpty');
  expect(await tryMutant(host, same, shownBy(null))).toEqual({ kind: 'survived', differsAt: null });
});

test('what no call runs is known before, and what runs at the start is run by all', async () => {
  const mutants = [
    replacing('src/host/webhooks.ts', 'case paths.voice', 'case paths.voice'),
    replacing(drain, 'registry.beginRelease()', 'void 0'),
    replacing('src/twilio/paths.ts', "'/twilio/voice'", "'/twilio/other'"),
  ];
  const { callsFor, hashes } = await baselineOf('played', mutants, 2);
  expect(hashes).toHaveLength(2);
  const counts = mutants.map((mutant) => [callsFor.get(mutant)?.fixtures.length, callsFor.get(mutant)?.seeds.length]);
  const all = [expect.any(Number), 2];
  expect(counts).toEqual([all, [0, 0], all]);
  expect(counts[0]?.[0]).toBeGreaterThan(100);
});

test('the type checker refuses what cannot be built, passes what is only unused, and forgets each mutant', () => {
  const types = new TypeCheck(process.cwd(), call.project);
  const wrong = replacing(playout, 'this.#sentBytes += audio.length', "this.#sentBytes = 'bytes'");
  const unused = replacing(playout, 'this.#chunkNumber += 1', 'const unused = 1');
  expect([wrong, unused, wrong].map((mutant) => types.refusal(mutant))).toEqual([
    expect.stringContaining('not assignable'),
    null,
    expect.stringContaining('not assignable'),
  ]);
  types.close();
});

test('the core gives far more mutants than are asked for, and none of its judge', () => {
  const paths = mutantsOfRooms(process.cwd(), [call])
    .flat()
    .map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(900);
  expect(paths).not.toContain('src/call/invariants.ts');
});

/** A baseline that leaves one fixture to a mutant; to others, none. */
function shownBy(mutant: Mutant | null): Baseline {
  const calls = { fixtures: [shown], seeds: [] };
  return { hashes: [], callsFor: new Map(mutant === null ? [] : [[mutant, calls]]) };
}

function room(name: Room['name']): Room {
  const found = rooms.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`There is no room ${name}.`);
  return found;
}

/** A mutant of a file as it is on disk. */
function replacing(path: string, before: string, after: string): Mutant {
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(before);
  return mutantOf(path, text, { rule: 'skip step', start, end: start + before.length, after });
}
