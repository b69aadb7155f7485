/** What a span tells, beside its name and its time: figures and names of ours, never what somebody said. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** A stretch of time that is told to a tracing backend when it ends. Times are in milliseconds since 1970. */
export interface TraceSpan {
  /** Begins a span within this one. */
  child(name: string, sinceMs: number, facts: SpanFacts): TraceSpan;
  tell(facts: SpanFacts): void;
  /** Marks it as failed. `why`: a name of ours, such as an error code. */
  fail(why: string): void;
  end(atMs: number): void;
}

/** Begins a trace: its first span. */
export type BeginTrace = (name: string, sinceMs: number, facts: SpanFacts) => TraceSpan;
