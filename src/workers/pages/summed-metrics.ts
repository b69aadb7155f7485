/** Of these, the sum over processes would say nothing: what is the greatest of one counts for all. */
const greatest: ReadonlySet<string> = new Set([
  'parley_ready',
  'parley_journal_state',
  'parley_lease_state',
  'parley_event_loop_delay_seconds',
  'parley_admission_delay_seconds',
  'parley_calls_over_limit',
  'parley_event_loop_busy_ratio',
  'process_start_time_seconds',
]);

/** A reason why no new call is taken is one for all only if it is that of each. */
const least: ReadonlySet<string> = new Set(['parley_unready']);

/** The figures of one life of a worker, by series, and the lines that tell of each metric. */
interface Scrape {
  readonly life: number;
  readonly figures: ReadonlyMap<string, number>;
}

/**
 * The metrics of workers as those of one process, in the text format of Prometheus. What a worker had counted before it died stays in the
 * sum, as far as it was asked for, because a sum that falls looks as if all had been counted anew.
 */
export class SummedMetrics {
  readonly #latest = new Map<string, Scrape>();
  /** What workers that died had counted. */
  readonly #gone = new Map<string, number>();
  /** What stands above the series of a metric, and its type. */
  readonly #heads = new Map<string, { readonly lines: string; readonly type: string }>();

  /** Takes what a worker has told. `life`: how often it was started. */
  take(worker: string, life: number, text: string): void {
    const before = this.#latest.get(worker);
    if (before !== undefined && before.life !== life) this.#keep(before);
    const figures = new Map<string, number>();
    let head = '';
    for (const line of text.split('\n')) {
      const [, name = '', type] = /^# (?:HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
      if (line.startsWith('# HELP ')) head = line;
      else if (type !== undefined) this.#heads.set(name, { lines: `${head}\n${line}`, type });
      else {
        const [, series = '', value] = /^(\S+?(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
        if (value !== undefined) figures.set(series, Number(value));
      }
    }
    this.#latest.set(worker, { life, figures });
  }

  /** All metrics. `own`: what this process knows better, by series. Figures of `workers` that are not up at the moment do not count. */
  text(workers: ReadonlySet<string>, own: Readonly<Record<string, number>>): string {
    const series = new Map<string, number>();
    for (const [worker, { figures }] of this.#latest) {
      for (const [name, figure] of figures) {
        if (!workers.has(worker) && !this.#isCounted(name)) continue;
        const before = series.get(name) ?? null;
        series.set(name, before === null ? figure : joined(metricOf(name), before, figure));
      }
    }
    for (const [name, figure] of this.#gone) series.set(name, (series.get(name) ?? 0) + figure);
    for (const [name, figure] of Object.entries(own)) series.set(name, figure);
    const lines: string[] = [];
    let metric = '';
    for (const [name, figure] of this.#sorted(series)) {
      const next = this.#metricOf(name);
      if (next !== metric) lines.push(this.#heads.get(next)?.lines ?? '');
      metric = next;
      lines.push(`${name} ${figure}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #keep({ figures }: Scrape): void {
    for (const [name, figure] of figures)
      if (this.#isCounted(name)) this.#gone.set(name, (this.#gone.get(name) ?? 0) + figure);
  }

  #isCounted(series: string): boolean {
    const type = this.#heads.get(this.#metricOf(series))?.type;
    return type === 'counter' || type === 'histogram';
  }

  /** The series of a metric stand together. */
  #sorted(series: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
    const places = new Map([...this.#heads.keys()].map((name, at) => [name, at]));
    const place = (name: string): number => places.get(this.#metricOf(name)) ?? places.size;
    return [...series].toSorted(([one], [other]) => place(one) - place(other));
  }

  /** A histogram has series of three names. */
  #metricOf(series: string): string {
    const name = metricOf(series);
    const histogram = name.replace(/_(?:bucket|sum|count)$/, '');
    return this.#heads.get(histogram)?.type === 'histogram' ? histogram : name;
  }
}

function metricOf(series: string): string {
  return series.replace(/\{.*/, '');
}

function joined(metric: string, one: number, other: number): number {
  if (greatest.has(metric)) return Math.max(one, other);
  return least.has(metric) ? Math.min(one, other) : one + other;
}
