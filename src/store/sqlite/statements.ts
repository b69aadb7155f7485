// Written by statements-file.ts from queries.ts and migrations.ts: "npx vitest run test/store -u". Change them there.

/** The statements of the store. A name behind a colon is a value. */
export const statements = {
  touchCall: `update "calls"
    set "last_at_ms" = case when "last_at_ms" < :atMs then :atMs else "last_at_ms" end, "ended_at_ms" = case when "ended_reason" = 'lost' then null else "ended_at_ms" end, "ended_reason" = case when "ended_reason" = 'lost' then null else "ended_reason" end
    where "call_sid" = :callSid and "process" = :process and "hold" = :hold
    returning "fence"`,
  claimCall: `insert into "calls" ("call_sid", "started_at_ms", "last_at_ms", "fence", "process", "hold", "held_since_ms", "ended_reason", "ended_at_ms")
    values (:callSid, :startedAtMs, :atMs, 1, :process, :hold, :heldSinceMs, null, null)
    on conflict ("call_sid") do update
    set "fence" = "calls"."fence" + 1, "process" = :process, "hold" = :hold, "held_since_ms" = :heldSinceMs, "last_at_ms" = :atMs, "ended_reason" = null, "ended_at_ms" = null
    where ("calls"."started_at_ms" >= :earliestStartMs and ("calls"."held_since_ms" < :heldSinceMs or ("calls"."held_since_ms" = :heldSinceMs and "calls"."process" = :process and "calls"."hold" < :hold)))
    returning "fence"`,
  raiseFence: `update "calls"
    set "fence" = "fence" + 1, "process" = :process, "hold" = :hold, "held_since_ms" = case when "held_since_ms" < :heldSinceMs then :heldSinceMs else "held_since_ms" + 1 end, "last_at_ms" = :atMs, "ended_reason" = null, "ended_at_ms" = null
    where "call_sid" = :callSid and ("ended_reason" is null or "ended_reason" = 'lost')
    returning "fence"`,
  endCall: `update "calls"
    set "ended_reason" = :reason, "ended_at_ms" = :atMs
    where "call_sid" = :callSid`,
  insertEntry: `insert into "entries" ("call_sid", "fence", "n", "at_ms", "kind", "json")
    values (:callSid, :fence, :n, :atMs, :kind, :json)
    on conflict do nothing`,
  readCall: `select *
    from "calls"
    where "call_sid" = :callSid`,
  readEntries: `select *
    from "entries"
    where "call_sid" = :callSid and ("kind" not in ('said', 'handle') or (("fence", "n") <= (select "fence", "n"
    from "entries"
    where "call_sid" = :callSid and "kind" in ('said', 'handle')
    order by "fence" desc, "n" desc
    limit 1 offset :talkMax)) is not true)
    order by "fence" desc, "n" desc
    limit :limit`,
  unfinishedCalls: `select "call_sid"
    from "calls"
    where "ended_at_ms" is null
    order by "last_at_ms"
    limit :limit`,
  closeUnfinished: `update "calls"
    set "ended_reason" = :reason, "ended_at_ms" = :atMs
    where "ended_at_ms" is null and "last_at_ms" < :beforeMs and "process" <> :process
    returning "call_sid"`,
  untoldCalls: `select "calls"."call_sid"
    from "calls"
    left join "history" on "history"."call_sid" = "calls"."call_sid"
    where "history"."call_sid" is null
    limit :limit`,
  writeHistory: `insert into "history" ("call_sid", "from_number", "to_number", "agent", "source", "why", "faults", "cost_usd", "tokens", "waits", "wait_median_ms", "wait_max_ms", "words")
    values (:callSid, :from, :to, :agent, :source, :why, :faults, :costUsd, :tokens, :waits, :waitMedianMs, :waitMaxMs, :words)
    on conflict ("call_sid") do update
    set "from_number" = :from, "to_number" = :to, "agent" = :agent, "source" = :source, "why" = :why, "faults" = :faults, "cost_usd" = :costUsd, "tokens" = :tokens, "waits" = :waits, "wait_median_ms" = :waitMedianMs, "wait_max_ms" = :waitMaxMs, "words" = :words`,
  forgetWords: `delete from "entries"
    where "call_sid" = :callSid and "kind" in ('context', 'state', 'said', 'noted', 'toolStarted', 'toolAnswered')`,
  pruneCalls: `delete from "calls"
    where "call_sid" in (select "call_sid"
    from "calls"
    where "ended_at_ms" < :beforeMs
    limit :limit) and "ended_at_ms" < :beforeMs
    returning "call_sid"`,
  forgetEntries: `delete from "entries"
    where "call_sid" = :callSid`,
  forgetHistory: `delete from "history"
    where "call_sid" = :callSid`,
};

/** What each migration does, in order. */
export const migrationStatements: Readonly<Record<string, readonly string[]>> = {
  '0001-calls-and-entries': [
    `create table if not exists "calls" ("call_sid" text primary key, "started_at_ms" integer not null, "last_at_ms" integer not null, "fence" integer not null, "process" text not null, "hold" integer not null, "held_since_ms" integer not null, "ended_reason" text, "ended_at_ms" integer) strict, without rowid`,
    `create table if not exists "entries" ("call_sid" text not null, "fence" integer not null, "n" integer not null, "at_ms" integer not null, "kind" text not null, "json" text not null, constraint "entries_key" primary key ("call_sid", "fence", "n")) strict, without rowid`,
    `create index if not exists "calls_unfinished" on "calls" ("last_at_ms") where "ended_at_ms" is null`,
    `create index if not exists "calls_ended" on "calls" ("ended_at_ms") where "ended_at_ms" is not null`,
  ],
  '0002-history': [
    `create table "history" ("call_sid" text primary key, "from_number" text, "to_number" text, "agent" text, "source" text not null, "why" text, "faults" text not null, "cost_usd" real, "tokens" integer not null, "waits" integer, "wait_median_ms" integer, "wait_max_ms" integer, "words" text not null) strict, without rowid`,
    `create index "history_numbers" on "history" ("from_number", "to_number")`,
    `create index "calls_started" on "calls" ("started_at_ms", "call_sid")`,
  ],
};
