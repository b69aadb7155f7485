import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import { wordKinds } from './history/keep-history.ts';
import type { JournalEntryKind } from './journal-entry.ts';
import { lostReason } from './journal-store.ts';
import { talkKinds } from './read-call.ts';
import type { JournalTables } from './schema.ts';
import type { StatementName, StatementValues } from './store-database.ts';

// Queries that every SQL database understands. What only one of them needs stands in a folder of its own. Their texts are kept there as well
// (`sqlite/statements.ts`, `postgres/postgres-statements.ts`), so what differs from run to run is a named value, and everything else is a
// literal.

type Tables = Kysely<JournalTables>;

/** The places of the values in a statement. */
type Slots<Values> = { readonly [Name in keyof Values]: RawBuilder<Values[Name]> };

const nothing = sql.lit(null);
const one = sql.lit(1);
const lost = sql.lit(lostReason);

/** The statements of a store, as queries on its tables. */
export const storeQueries: {
  readonly [Name in StatementName]: (db: Tables, values: Slots<StatementValues[Name]>) => Compilable;
} = {
  /** A sign of life of whoever has the call, which also revokes a presumed end. Brings its fence, or nothing when somebody else has the call. */
  touchCall: (db, { callSid, process, hold, atMs }) =>
    db
      .updateTable('calls')
      .set((update) => ({
        last_at_ms: update.case().when('last_at_ms', '<', atMs).then(atMs).else(update.ref('last_at_ms')).end(),
        ended_at_ms: update.case().when('ended_reason', '=', lost).then(nothing).else(update.ref('ended_at_ms')).end(),
        ended_reason: update
          .case()
          .when('ended_reason', '=', lost)
          .then(nothing)
          .else(update.ref('ended_reason'))
          .end(),
      }))
      .where('call_sid', '=', callSid)
      .where('process', '=', process)
      .where('hold', '=', hold)
      .returning('fence'),

  /**
   * Begins the record of a call, or takes the call from an earlier owner: Twilio asks the process that is to go on. The time of acceptance
   * decides and not the order of arrival, because an older process may have waited for its disk. In a file that was begun in mid-call, any
   * entry begins the record. A call that began long ago is not accepted anew, because Twilio does not ask so late. Brings the fence, or
   * nothing when somebody else keeps the call.
   */
  claimCall: (db, { callSid, process, hold, heldSinceMs, startedAtMs, earliestStartMs, atMs }) =>
    db
      .insertInto('calls')
      .values({
        call_sid: callSid,
        started_at_ms: startedAtMs,
        last_at_ms: atMs,
        fence: one,
        process,
        hold,
        held_since_ms: heldSinceMs,
        ended_reason: nothing,
        ended_at_ms: nothing,
      })
      .onConflict((conflict) =>
        conflict
          .column('call_sid')
          .doUpdateSet((update) => ({
            fence: update('calls.fence', '+', one),
            process,
            hold,
            held_since_ms: heldSinceMs,
            last_at_ms: atMs,
            ended_reason: nothing,
            ended_at_ms: nothing,
          }))
          .where((old) =>
            old('calls.started_at_ms', '>=', earliestStartMs).and(
              old.or([
                old('calls.held_since_ms', '<', heldSinceMs),
                old.and([
                  old('calls.held_since_ms', '=', heldSinceMs),
                  old('calls.process', '=', process),
                  old('calls.hold', '<', hold),
                ]),
              ]),
            ),
          ),
      )
      .returning('fence'),

  /**
   * Gives the call to a new owner, unless it has ended for certain. Whatever the clocks of the two say, the new one has it later. Brings the
   * new fence, else nothing.
   */
  raiseFence: (db, { callSid, process, hold, heldSinceMs, atMs }) =>
    db
      .updateTable('calls')
      .set((update) => ({
        fence: update('fence', '+', one),
        process,
        hold,
        held_since_ms: update
          .case()
          .when('held_since_ms', '<', heldSinceMs)
          .then(heldSinceMs)
          .else(update('held_since_ms', '+', one))
          .end(),
        last_at_ms: atMs,
        ended_reason: nothing,
        ended_at_ms: nothing,
      }))
      .where('call_sid', '=', callSid)
      .where((old) => old.or([old('ended_reason', 'is', nothing), old('ended_reason', '=', lost)]))
      .returning('fence'),

  endCall: (db, { callSid, reason, atMs }) =>
    db.updateTable('calls').set({ ended_reason: reason, ended_at_ms: atMs }).where('call_sid', '=', callSid),

  /** An item comes twice when it was written and the answer was lost. */
  insertEntry: (db, { callSid, fence, n, atMs, kind, json }) =>
    db
      .insertInto('entries')
      .values({ call_sid: callSid, fence, n, at_ms: atMs, kind, json })
      .onConflict((conflict) => conflict.doNothing()),

  readCall: (db, { callSid }) => db.selectFrom('calls').selectAll().where('call_sid', '=', callSid),

  /** The last ones first; of the talk, no more than may be. */
  readEntries: (db, { callSid, limit, talkMax }) =>
    db
      .selectFrom('entries')
      .selectAll()
      .where('call_sid', '=', callSid)
      .where((is) =>
        is.or([
          is('kind', 'not in', literals(talkKinds)),
          // One place to compare with, and no list of places: a server with little memory looks through all of that for each entry.
          sql<boolean>`(${is.refTuple('fence', 'n')} <= ${is
            .selectFrom('entries')
            .select(['fence', 'n'])
            .where('call_sid', '=', callSid)
            .where('kind', 'in', literals(talkKinds))
            .orderBy('fence', 'desc')
            .orderBy('n', 'desc')
            .limit(one)
            .offset(talkMax)}) is not true`,
        ]),
      )
      .orderBy('fence', 'desc')
      .orderBy('n', 'desc')
      .limit(limit),

  unfinishedCalls: (db, { limit }) =>
    db.selectFrom('calls').select('call_sid').where('ended_at_ms', 'is', nothing).orderBy('last_at_ms').limit(limit),

  closeUnfinished: (db, { beforeMs, atMs, reason, process }) =>
    db
      .updateTable('calls')
      .set({ ended_reason: reason, ended_at_ms: atMs })
      .where('ended_at_ms', 'is', nothing)
      .where('last_at_ms', '<', beforeMs)
      .where('process', '<>', process)
      .returning('call_sid'),

  untoldCalls: (db, { limit }) =>
    db
      .selectFrom('calls')
      .select('calls.call_sid')
      .leftJoin('history', 'history.call_sid', 'calls.call_sid')
      .where('history.call_sid', 'is', nothing)
      .limit(limit),

  writeHistory: (db, values) => {
    const row = {
      from_number: values.from,
      to_number: values.to,
      agent: values.agent,
      source: values.source,
      why: values.why,
      faults: values.faults,
      cost_usd: values.costUsd,
      tokens: values.tokens,
      waits: values.waits,
      wait_median_ms: values.waitMedianMs,
      wait_max_ms: values.waitMaxMs,
      words: values.words,
    };
    return db
      .insertInto('history')
      .values({ call_sid: values.callSid, ...row })
      .onConflict((conflict) => conflict.column('call_sid').doUpdateSet(row));
  },

  forgetWords: (db, { callSid }) =>
    db.deleteFrom('entries').where('call_sid', '=', callSid).where('kind', 'in', literals(wordKinds)),

  pruneCalls: (db, { beforeMs, limit }) =>
    db
      .deleteFrom('calls')
      .where('call_sid', 'in', (queries) =>
        queries.selectFrom('calls').select('call_sid').where('ended_at_ms', '<', beforeMs).limit(limit),
      )
      // Asked again of each row: one that was waited for may have been taken up.
      .where('ended_at_ms', '<', beforeMs)
      .returning('call_sid'),

  forgetEntries: (db, { callSid }) => db.deleteFrom('entries').where('call_sid', '=', callSid),

  forgetHistory: (db, { callSid }) => db.deleteFrom('history').where('call_sid', '=', callSid),
};

function literals(kinds: readonly JournalEntryKind[]): RawBuilder<string> {
  return sql<string>`(${sql.join(kinds.map((kind) => sql.lit(kind)))})`;
}
