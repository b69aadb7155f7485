import { describe, expect, test, type TestContext } from 'vitest';
import type { LeaseAnswer, LeaseAsk, LeaseFailure, Taker } from '../../../src/fleet/lease.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { PostgresLeases } from '../../../src/store/postgres/leases/postgres-leases.ts';
import { testDatabase } from '../../test-database.ts';
import { PostgresScene } from './postgres-scene.ts';

const isMissing = (await testDatabase()) === null;

const callsMax = 40;

/** Fewer than the fair part of a process when only three of five have calls. */
const ownCallsMax = 12;

/** A process at the leases of a schema. */
class Holder {
  readonly holder: string;
  readonly instance: string;
  readonly leases: PostgresLeases;
  slots = 0;
  calls = 0;
  takers: readonly Taker[] = [];
  #asked = 0;

  constructor(holder: string, instance: string, leases: PostgresLeases) {
    this.holder = holder;
    this.instance = instance;
    this.leases = leases;
  }

  async asks(other: Partial<LeaseAsk> = {}): Promise<LeaseAnswer | LeaseFailure> {
    this.#asked += 1;
    const { holder, instance, slots, calls } = this;
    const own = { holder, instance, asked: this.#asked, slots, calls, callsMax, ownCallsMax };
    const ask = { ...own, takesCalls: true, isLate: false, isRenewal: this.#asked > 1, pages: null, ...other };
    const answer = await new Promise<LeaseAnswer | LeaseFailure>((resolve) => this.leases.ask(ask, resolve));
    if (answer.kind === 'held') this.slots = Math.min(answer.slots, answer.goal);
    if (answer.kind === 'held') this.takers = answer.takers;
    return answer;
  }

  /** Takes as many of these calls as it may. Returns how many are left. */
  takes(calls: number): number {
    const taken = Math.min(calls, Math.max(0, Math.min(this.slots, ownCallsMax) - this.calls));
    this.calls += taken;
    return calls - taken;
  }

  leaves(): Promise<void> {
    return new Promise((resolve) => this.leases.leave(this.holder, resolve));
  }
}

/** Processes at one schema, whose tables are there. */
async function holders(context: TestContext, names: readonly string[]) {
  const scene = new PostgresScene(context);
  await scene.place('maker').unfinished();
  const address = await scene.address();
  const all = names.map((name) => new Holder(name, name, new PostgresLeases(address)));
  context.onTestFinished(async () => void (await Promise.all(all.map((holder) => holder.leaves()))));
  /** So much time passes without a sign of life of these. */
  const silence = (process: string, ms: number): Promise<unknown> =>
    scene.sql(`update leases set renewed_at_ms = renewed_at_ms - ${ms}, until_ms = until_ms - ${ms},
      emptied_at_ms = emptied_at_ms - ${ms} where process = '${process}'`);
  return { scene, all, silence };
}

describe.skipIf(isMissing)('leases in PostgreSQL', () => {
  test('are granted to one after the other, however many ask at once', async (context) => {
    const { scene, all } = await holders(context, ['a', 'b', 'c', 'd', 'e']);
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(all.map((holder) => holder.asks()));
      expect(answers.map(({ kind }) => kind)).toEqual(all.map(() => 'held'));
      const [row] = await scene.sql('select sum(slots)::int as slots, count(*)::int as leases from leases');
      expect(Number(row?.['slots'])).toBeLessThanOrEqual(callsMax);
      expect(row?.['leases']).toBe(5);
    }
    expect(all.map(({ slots }) => slots)).toEqual([8, 8, 8, 8, 8]);
  });

  test('let there be no call too many in 1,000 admissions, while processes are killed', async (context) => {
    const { all, silence } = await holders(context, ['a', 'b', 'c', 'd', 'e']);
    const next = seededRandom(1);
    let [admitted, sentOn, most] = [0, 0, 0];
    for (let round = 0; admitted < 1_000; round += 1) {
      await Promise.all(all.map((holder) => holder.asks()));
      for (const holder of all) {
        holder.calls -= next() % (holder.calls + 1);
        const offered = next() % 20;
        let left = holder.takes(offered);
        // What is over goes to those who have room, by the last answer.
        for (const { instance, room } of holder.takers) {
          const other = all.find((one) => one.instance === instance);
          const sent = Math.min(left, room);
          const taken = sent - (other?.takes(sent) ?? sent);
          left -= taken;
          sentOn += taken;
        }
        admitted += offered - left;
      }
      most = Math.max(
        most,
        all.reduce((sum, { calls }) => sum + calls, 0),
      );
      // Now and then one is killed, and its calls with it. Another of its name takes its place.
      const [killed] = round % 10 === 9 ? all.splice(next() % all.length, 1) : [];
      if (killed === undefined) continue;
      await silence(killed.holder, 9_000);
      await Promise.all(all.map((holder) => holder.asks()));
      await silence(killed.holder, 4_000);
      all.push(new Holder(`${killed.instance}-${round}`, killed.instance, killed.leases));
    }
    expect(most).toBeLessThanOrEqual(callsMax);
    expect(most).toBeGreaterThan(callsMax / 2);
    // How many depends on whom the database answers first.
    expect(sentOn).toBeGreaterThan(40);
  });

  test('tell of the calls of a process that fell in which caller and agent talk', async (context) => {
    const { scene, all, silence } = await holders(context, ['a', 'b']);
    const [a, b] = all;
    await a?.asks({ calls: 3 });
    await scene.sql(`insert into calls values
        ('CA1', 1, 2, 1, 'a', 1, 1, null, null), ('CA2', 1, 2, 1, 'a', 2, 1, null, null),
        ('CA3', 1, 2, 1, 'a', 3, 1, null, null), ('CA4', 1, 2, 1, 'a', 4, 1, 'callerHungUp', 2),
        ('CA5', 1, 2, 1, 'b', 5, 1, null, null);
      insert into entries values
        ('CA1', 1, 1, 1, 'state', '{"phase":"dial","facts":{}}'), ('CA1', 1, 2, 2, 'state', '{"phase":"stream","facts":{}}'),
        ('CA2', 1, 1, 1, 'state', '{"phase":"stream","facts":{}}'), ('CA2', 1, 2, 2, 'state', '{"phase":"dial","facts":{}}')`);
    expect(await b?.asks()).toMatchObject({ fallen: [], peers: ['a', 'b'] });
    await silence('a', 9_000);
    expect(await b?.asks()).toMatchObject({
      kind: 'held',
      fallen: [{ holder: 'a', instance: 'a', talking: ['CA1', 'CA3'] }],
      peers: ['b'],
    });
    // It comes back, and learns that.
    expect(await a?.asks()).toMatchObject({ kind: 'held', wasLost: true, slots: 0 });
  });

  test('tell who has room for a call, and is not late', async (context) => {
    const { all } = await holders(context, ['a', 'b', 'c']);
    const [a, b, c] = all;
    for (const holder of all) await holder.asks();
    for (const holder of all) await holder.asks();
    await b?.asks({ isLate: true });
    await c?.asks({ calls: 5 });
    expect(await a?.asks({ calls: 12 })).toMatchObject({ slots: 12, takers: [{ instance: 'c', room: 7 }] });
    await b?.asks();
    await c?.asks({ takesCalls: false });
    expect(await a?.asks()).toMatchObject({ takers: [{ instance: 'b', room: 12 }] });
  });

  test('belong to one process of a name', async (context) => {
    const { all } = await holders(context, ['a', 'b']);
    await all[0]?.asks();
    expect(await all[1]?.asks({ instance: 'a' })).toMatchObject({ kind: 'taken', by: 'a' });
    await all[0]?.leaves();
    expect(await all[1]?.asks({ instance: 'a' })).toMatchObject({ kind: 'held' });
    expect(await all[1]?.asks({ asked: 1 })).toEqual({ kind: 'late' });
  });

  test('that cannot be used fail, and are there again with the next question', async (context) => {
    const { scene, all } = await holders(context, ['a']);
    await all[0]?.asks();
    await scene.sql('alter table leases rename to hidden');
    expect(await all[0]?.asks()).toMatchObject({ kind: 'failed', code: 'journal.unusable' });
    await scene.sql('alter table hidden rename to leases');
    expect(await all[0]?.asks()).toMatchObject({ kind: 'held' });
  });
});
