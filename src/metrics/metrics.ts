import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricEntry, type MetricName, metricTable, otherValue } from './metric-table.ts';

/** More tools than an agent has. Those beyond them are counted together, so that no list of tools makes too many series. */
const toolsMax = 8;

/** More agents than a graph can show apart. Those beyond them are counted together as well. */
const agentsMax = 20;

type Table = typeof metricTable;
type NameOf<Type> = { [Name in MetricName]: Table[Name]['type'] extends Type ? Name : never }[MetricName];

/** The values of a metric's labels, all of them. */
export type LabelValues<Name extends MetricName> = Table[Name] extends { readonly labels: infer Labels }
  ? Readonly<Record<keyof Labels, string>>
  : Readonly<Record<string, never>>;

/** The names of the metrics of a type, and what a label of theirs is set to. */
export type CounterName = NameOf<'counter'>;
export type GaugeName = NameOf<'gauge'>;
export type HistogramName = NameOf<'histogram'>;

/**
 * The metrics of a process. Every series is there from the start and stands at zero, so that the first fault of a kind is a rise, and no
 * value of a label makes a series that was not planned.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  readonly #allowed = new Map<string, ReadonlySet<string>>();
  /** The agents that have series, in the order in which they got them. */
  readonly #agents = new Set<string>();
  /** What the series of one agent differ in, by metric. */
  readonly #ofAgents = new Map<string, readonly Record<string, string>[]>();
  /** What is counted elsewhere stands at so much, by series. */
  readonly #totals = new Map<string, number>();
  readonly #beforeScrape: (() => void)[] = [];

  /** `tools`: the names of the agent's tools. */
  constructor(tools: readonly string[]) {
    for (const [name, entry] of Object.entries<MetricEntry>(metricTable)) this.#register(name, entry, tools);
  }

  /**
   * These agents have series from here on. One that is gone keeps its own, for the calls that it still has, until another agent wants the
   * place; so whatever names come and go, there are never more series.
   */
  takeAgents(names: readonly string[]): void {
    for (const name of names.filter((one) => one !== otherValue && !this.#agents.has(one))) {
      if (this.#agents.size >= agentsMax) {
        const gone = [...this.#agents].find((one) => !names.includes(one));
        if (gone === undefined) return;
        this.#dropAgent(gone);
      }
      this.#agents.add(name);
      this.#beginAgent(name);
    }
  }

  /** What a scraper is told to expect. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Calls `look` before each scrape, for what is read and not counted. */
  onScrape(look: () => void): void {
    this.#beforeScrape.push(look);
  }

  /** All metrics in the text format of Prometheus. */
  async scrape(): Promise<string> {
    for (const look of this.#beforeScrape) look();
    return this.#registry.metrics();
  }

  add<Name extends CounterName>(name: Name, labels: LabelValues<Name>, by = 1): void {
    this.#counters.get(name)?.inc(this.#bounded(name, labels), by);
  }

  /** Brings a counter to what was counted elsewhere. It never falls. */
  raiseTo<Name extends CounterName>(name: Name, labels: LabelValues<Name>, total: number): void {
    const bounded = this.#bounded(name, labels);
    const key = `${name} ${Object.values(bounded).join(' ')}`;
    const before = this.#totals.get(key) ?? 0;
    if (total <= before) return;
    this.#totals.set(key, total);
    this.#counters.get(name)?.inc(bounded, total - before);
  }

  set<Name extends GaugeName>(name: Name, labels: LabelValues<Name>, value: number): void {
    this.#gauges.get(name)?.set(this.#bounded(name, labels), value);
  }

  /** Changes a gauge that counts what is there now. */
  change<Name extends GaugeName>(name: Name, labels: LabelValues<Name>, by: 1 | -1): void {
    this.#gauges.get(name)?.inc(this.#bounded(name, labels), by);
  }

  observe<Name extends HistogramName>(name: Name, labels: LabelValues<Name>, value: number): void {
    this.#histograms.get(name)?.observe(this.#bounded(name, labels), value);
  }

  /** Takes values of one series of a histogram, for what happens many times a second. */
  observer<Name extends HistogramName>(name: Name, labels: LabelValues<Name>): (value: number) => void {
    const child = this.#histograms.get(name)?.labels(this.#bounded(name, labels));
    return (value) => child?.observe(value);
  }

  #register(name: string, { type, help, labels = {}, buckets = [] }: MetricEntry, tools: readonly string[]): void {
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.#registry] };
    if (type === 'counter') this.#counters.set(name, new Counter(options));
    else if (type === 'gauge') this.#gauges.set(name, new Gauge(options));
    else this.#histograms.set(name, new Histogram({ ...options, buckets: [...buckets] }));
    const fixed: [string, readonly string[]][] = [];
    for (const [label, list] of Object.entries(labels)) {
      const values = list === 'tools' ? [...tools.slice(0, toolsMax), otherValue] : list;
      this.#allowed.set(`${name} ${label}`, values === 'agents' ? this.#agents : new Set(values));
      if (values !== 'agents') fixed.push([label, values]);
    }
    const all = combinations(fixed);
    if (!Object.values(labels).includes('agents')) return this.#begin(name, all);
    this.#ofAgents.set(name, all);
    this.#begin(name, seriesOfAgent(all, otherValue));
  }

  /** These series stand at zero. */
  #begin(name: string, series: readonly Record<string, string>[]): void {
    for (const labels of series) {
      this.#counters.get(name)?.inc(labels, 0);
      this.#gauges.get(name)?.set(labels, 0);
      this.#histograms.get(name)?.zero(labels);
    }
  }

  #beginAgent(agent: string): void {
    for (const [name, all] of this.#ofAgents) this.#begin(name, seriesOfAgent(all, agent));
  }

  #dropAgent(agent: string): void {
    this.#agents.delete(agent);
    for (const [name, all] of this.#ofAgents) {
      for (const labels of seriesOfAgent(all, agent)) {
        this.#counters.get(name)?.remove(labels);
        this.#histograms.get(name)?.remove(labels);
      }
    }
  }

  #bounded(name: string, labels: Readonly<Record<string, string>>): Record<string, string> {
    const entries = Object.entries(labels).map(([label, value]) => [
      label,
      this.#allowed.get(`${name} ${label}`)?.has(value) === true ? value : otherValue,
    ]);
    return Object.fromEntries(entries);
  }
}

function combinations(values: readonly [string, readonly string[]][]): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [label, list] of values) {
    all = all.flatMap((one) => list.map((value) => ({ ...one, [label]: value })));
  }
  return all;
}

function seriesOfAgent(all: readonly Record<string, string>[], agent: string): Record<string, string>[] {
  return all.map((labels) => ({ agent, ...labels }));
}
