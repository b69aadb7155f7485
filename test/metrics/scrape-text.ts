/** One series of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads what a scraper gets. Throws at a line that it does not understand. */
export function seriesOf(text: string): Series[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new SyntaxError(`No series: ${line}`);
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text_ = '']) => [label, text_]);
    return { name, labels: Object.fromEntries(pairs), value: Number(value) };
  });
}

/** The value of the one series that has this name and these labels. */
export function valueOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const found = seriesOf(text).filter(
    (series) =>
      series.name === name && Object.entries(labels).every(([label, value]) => series.labels[label] === value),
  );
  if (found.length !== 1) throw new RangeError(`${found.length} series are ${name} ${JSON.stringify(labels)}.`);
  return found[0]?.value ?? Number.NaN;
}
