import { type Kysely, type Selectable, sql } from 'kysely';
import { instanceOf } from '../../system/process-name.ts';
import { readCall } from '../read-call.ts';
import type { JournalTables } from '../schema.ts';
import type { StoreDatabase } from '../store-database.ts';
import {
  type CallHistory,
  type HistoryPage,
  type HistoryPlace,
  type HistoryQuery,
  pageCallsMax,
  type PastCall,
  type PastCallStory,
} from './call-history.ts';
import { pastCallOf, searchable, unexplained } from './history-row.ts';

/** A query of which the rows are wanted. */
interface RowSource<Brought> {
  stream(): AsyncIterable<Brought>;
  execute(): Promise<Brought[]>;
}

/** What the reader of a database knows of it. */
export interface HistorySource {
  readonly queries: Kysely<JournalTables>;
  /** The same database, for what the journal asks as well. */
  readonly tables: StoreDatabase;
  /** The rows of a query, one after the other where the database can bring them so. */
  readonly rows: <Brought>(select: RowSource<Brought>) => AsyncIterable<Brought>;
  /** What is missing in any case, in words, or null. */
  readonly missing: string | null;
  /** Says of an error that damage caused it, in words; null when it has another cause. */
  readonly damage: (error: unknown) => string | null;
}

/** What the list tells of a call. What a process of an older version wrote lacks all of the history. */
type Row = Pick<Selectable<JournalTables['calls']>, 'call_sid' | (typeof callColumns)[number]> & {
  readonly [Column in (typeof historyColumns)[number]]: JournalTables['history'][Column] | null;
};

const callColumns = ['started_at_ms', 'ended_at_ms', 'ended_reason', 'process'] as const;
const historyColumns = [
  'from_number',
  'to_number',
  'agent',
  'source',
  'why',
  'faults',
  'cost_usd',
  'tokens',
  'waits',
  'wait_median_ms',
  'wait_max_ms',
] as const;

/** The history in an SQL database, by queries that every such database understands. They follow the index of when calls began. */
export class SqlHistory implements CallHistory {
  readonly #source: HistorySource;

  constructor(source: HistorySource) {
    this.#source = source;
  }

  async list(query: HistoryQuery, { after, limit }: HistoryPlace): Promise<HistoryPage> {
    const { missing, damage } = this.#source;
    const wanted = Math.max(1, Math.min(limit, pageCallsMax));
    const calls: PastCall[] = [];
    try {
      // One after the other, because what lies before a damaged place can be read.
      for await (const row of this.#select(query, after, wanted + 1)) calls.push(pastCallOfRow(row));
    } catch (error) {
      const said = damage(error);
      if (said === null) throw error;
      return { calls: calls.slice(0, wanted), next: null, missing: said };
    }
    const last = calls.length > wanted ? calls[wanted - 1] : undefined;
    const next = last === undefined ? null : `${last.startedAtMs}.${last.callSid}`;
    return { calls: calls.slice(0, wanted), next, missing };
  }

  async find(callSid: string): Promise<PastCallStory | null> {
    const { tables, missing, damage } = this.#source;
    try {
      const call = await readCall(tables, callSid);
      return call === null ? null : { call: pastCallOf(call), entries: call.entries, missing };
    } catch (error) {
      const said = damage(error);
      const call = said === null ? null : await this.#row(callSid);
      if (call === null) throw error;
      return { call, entries: [], missing: said };
    }
  }

  /** What the list says of a call, when the call itself cannot be read. */
  async #row(callSid: string): Promise<PastCall | null> {
    try {
      const row = await this.#joined().where('calls.call_sid', '=', callSid).executeTakeFirst();
      return row === undefined ? null : pastCallOfRow(row);
    } catch {
      return null;
    }
  }

  #select(query: HistoryQuery, after: string | null, limit: number): AsyncIterable<Row> {
    const { outcome, sinceMs, untilMs } = query;
    let select = this.#matching(query)
      .orderBy('calls.started_at_ms', 'desc')
      .orderBy('calls.call_sid', 'desc')
      .limit(limit);
    if (outcome !== null) select = select.where('calls.ended_reason', '=', outcome);
    if (sinceMs !== null) select = select.where('calls.started_at_ms', '>=', sinceMs);
    if (untilMs !== null) select = select.where('calls.started_at_ms', '<', untilMs);
    const place = placeOf(after);
    if (place !== null) {
      const { startedAtMs, callSid } = place;
      select = select
        .where('calls.started_at_ms', '<=', startedAtMs)
        .where((is) => is.or([is('calls.started_at_ms', '<', startedAtMs), is('calls.call_sid', '<', callSid)]));
    }
    return this.#source.rows(select);
  }

  /** Calls with this number and these words in them. */
  #matching({ number, words }: HistoryQuery) {
    const digits = number?.replaceAll(/\D/g, '') ?? '';
    const text = searchable(words ?? '');
    let select = this.#joined();
    if (number !== null) {
      const pattern = `%${digits}%`;
      // Digits in the middle of a number are looked for in the whole index, which is much smaller than the table.
      select = select.where('calls.call_sid', 'in', (from) =>
        from
          .selectFrom('history')
          .select('call_sid')
          .where((is) => is.or([is('from_number', 'like', pattern), is('to_number', 'like', pattern)])),
      );
    }
    if (text !== '') {
      const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
      select = select.where(sql<boolean>`history.words like ${pattern} escape ${sql.lit('\\')}`);
    }
    return select;
  }

  #joined() {
    return this.#source.queries
      .selectFrom('calls')
      .leftJoin('history', 'history.call_sid', 'calls.call_sid')
      .select('calls.call_sid')
      .select(callColumns.map((name) => `calls.${name}` as const))
      .select(historyColumns.map((name) => `history.${name}` as const));
  }
}

/** The `next` of a page before; null for the first page, and for what is none. */
function placeOf(after: string | null): { readonly startedAtMs: number; readonly callSid: string } | null {
  const [, started, callSid] = /^(\d{1,15})\.(.+)$/s.exec(after ?? '') ?? [];
  return started === undefined || callSid === undefined ? null : { startedAtMs: Number(started), callSid };
}

function pastCallOfRow(row: Row): PastCall {
  const { ended_at_ms: endedAtMs, ended_reason: outcome, waits, wait_median_ms: medianMs, wait_max_ms: maxMs } = row;
  const hasWaits = typeof waits === 'number' && typeof medianMs === 'number' && typeof maxMs === 'number';
  return {
    callSid: row.call_sid,
    from: row.from_number,
    to: row.to_number,
    agent: row.agent,
    source: row.source === 'browser' ? 'browser' : 'phone',
    instance: instanceOf(row.process),
    startedAtMs: row.started_at_ms,
    endedAtMs,
    outcome,
    // A call that was presumed lost and goes on has no outcome yet.
    why: outcome === null ? null : (row.why ?? unexplained(outcome)),
    faults: outcome === null ? [] : (row.faults ?? '').split(' ').filter((fault) => fault !== ''),
    costUsd: row.cost_usd,
    tokens: row.tokens ?? 0,
    waits: hasWaits ? { count: waits, medianMs, maxMs } : null,
  };
}
