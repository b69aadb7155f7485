import type pg from 'pg';
import type { ProcessLease, LeaseAnswer, LeaseAsk, LeaseFailure, LeaseStore } from '../../../fleet/lease.ts';
import { fallenFor, grantLease, type LeaseDecision, type Remains } from '../../../fleet/lease-rules.ts';
import { isJsonObject, parseJson } from '../../../encoding/json.ts';
import { within } from '../../../system/within.ts';
import { numberIn, type StoreRow, textIn } from '../../store-database.ts';
import { connectPostgres } from '../postgres-connection.ts';
import { postgresFault } from '../postgres-fault.ts';
import { PostgresTables } from '../postgres-tables.ts';

/** How long a question may take. It is less than the keeper of a lease waits. */
const askMsMax = 2_500;

/** How long it may take to give a lease back: the process is about to end. */
const leaveMsMax = 1_000;

/** Far more calls than a process can have had at once. */
const remainsMax = 10_000;

/** Whoever asks is alone, in this schema of this database. */
const alone = `select pg_advisory_xact_lock(hashtext('parley leases'), hashtext(current_schema()))`;

const lookAround = `
  select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms, leases.*
  from (select 1) as always left join leases on true`;

const lookAtRemains = `
  select
    call_sid,
    (
      select json from entries
      where entries.call_sid = calls.call_sid and kind = 'state'
      order by fence desc, n desc limit 1
    ) as state
  from calls
  where process = $1 and ended_at_ms is null
  order by call_sid limit ${remainsMax}`;

const put = `
  insert into leases
    (process, instance, slots, calls, takes_calls, is_late, asked, renewed_at_ms, until_ms, emptied_at_ms, pages)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict (process) do update set
    slots = excluded.slots, calls = excluded.calls, takes_calls = excluded.takes_calls, is_late = excluded.is_late,
    asked = excluded.asked, renewed_at_ms = excluded.renewed_at_ms, until_ms = excluded.until_ms,
    emptied_at_ms = excluded.emptied_at_ms, pages = excluded.pages`;

const forget = 'delete from leases where process = any($1::text[])';

/**
 * The leases in PostgreSQL, by a connection of their own: a batch of the journal that waits for a row must not make a process look dead. A
 * renewal is a handful of small messages every two seconds, which need no thread.
 */
export class PostgresLeases implements LeaseStore {
  readonly #connectionString: string;
  #client: Promise<pg.Client> | null = null;
  #isBusy = false;

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
  }

  ask(ask: LeaseAsk, done: (answer: LeaseAnswer | LeaseFailure) => void): void {
    const work = async (): Promise<void> => done(await this.#use((client) => granted(client, ask), askMsMax));
    void work();
  }

  leave(holder: string, done: () => void): void {
    const work = async (): Promise<void> => {
      await this.#use(async (client) => void (await client.query(forget, [[holder]])), leaveMsMax);
      this.#letGo();
      done();
    };
    void work();
  }

  /** Does some work on the connection, after which it is given up unless all went well. Never rejects. */
  async #use<Result>(work: (client: pg.Client) => Promise<Result>, msMax: number): Promise<Result | LeaseFailure> {
    // What was asked before hangs.
    if (this.#isBusy) this.#letGo();
    this.#isBusy = true;
    this.#client ??= connectPostgres(this.#connectionString);
    const client = this.#client;
    const attempt = client
      .then(work)
      .then((result) => ({ result }))
      .catch((error: unknown): LeaseFailure => ({ kind: 'failed', ...postgresFault(error) }));
    const outcome = (await within(attempt, msMax)) ?? tooLate;
    if (this.#client === client) {
      this.#isBusy = false;
      if (!('result' in outcome)) this.#letGo();
    }
    return 'result' in outcome ? outcome.result : outcome;
  }

  #letGo(): void {
    const client = this.#client;
    this.#client = null;
    this.#isBusy = false;
    client?.then((one) => one.end()).catch(() => {});
  }
}

const tooLate: LeaseFailure = {
  kind: 'failed',
  code: 'journal.unreachable',
  why: 'The database of DATABASE_URL did not answer in time',
};

async function granted(client: pg.Client, ask: LeaseAsk): Promise<LeaseAnswer> {
  return new PostgresTables(client).transaction(async () => {
    await client.query(alone);
    const { rows } = await client.query<StoreRow>(lookAround);
    const nowMs = rows[0] === undefined ? 0 : numberIn(rows[0], 'now_ms');
    const kept = rows.flatMap((row) => (row['process'] === null ? [] : [leaseIn(row)]));
    const remains = new Map<string, Remains>();
    for (const { holder } of fallenFor(kept, ask, nowMs)) remains.set(holder, await remainsOf(client, holder));
    const decision = grantLease(kept, ask, nowMs, (holder) => remains.get(holder) ?? nothing);
    await write(client, decision);
    return decision.answer;
  });
}

const nothing: Remains = { hasCalls: false, talking: [] };

async function write(client: pg.Client, { changed, gone }: LeaseDecision): Promise<void> {
  for (const { holder, instance, slots, calls, takesCalls, isLate, asked, pages, ...times } of changed) {
    const { renewedAtMs, untilMs, emptiedAtMs } = times;
    const counted = [slots, calls, takesCalls, isLate, asked, renewedAtMs, untilMs, emptiedAtMs];
    await client.query(put, [holder, instance, ...counted, pages]);
  }
  if (gone.length > 0) await client.query(forget, [gone]);
}

async function remainsOf(client: pg.Client, holder: string): Promise<Remains> {
  const { rows } = await client.query<StoreRow>(lookAtRemains, [holder]);
  const talking = rows.filter(isTalking).map((row) => textIn(row, 'call_sid'));
  return { hasCalls: rows.length > 0, talking };
}

/** Whether Twilio was told last to open a stream. It is told so first, and a note of that may have come too late. */
function isTalking({ state }: StoreRow): boolean {
  const members = typeof state === 'string' ? parseJson(state) : null;
  return !isJsonObject(members) || members['phase'] === 'stream';
}

function isTrueIn(row: StoreRow, name: string): boolean {
  return row[name] === 't' || row[name] === true;
}

function leaseIn(row: StoreRow): ProcessLease {
  const { instance, pages } = row;
  return {
    holder: textIn(row, 'process'),
    instance: typeof instance === 'string' ? instance : null,
    slots: numberIn(row, 'slots'),
    calls: numberIn(row, 'calls'),
    takesCalls: isTrueIn(row, 'takes_calls'),
    isLate: isTrueIn(row, 'is_late'),
    asked: numberIn(row, 'asked'),
    renewedAtMs: numberIn(row, 'renewed_at_ms'),
    untilMs: numberIn(row, 'until_ms'),
    emptiedAtMs: row['emptied_at_ms'] === null ? null : numberIn(row, 'emptied_at_ms'),
    pages: typeof pages === 'string' ? pages : null,
  };
}
