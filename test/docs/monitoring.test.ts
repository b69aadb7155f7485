import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type MetricEntry, metricTable } from '../../src/metrics/metric-table.ts';

const page = readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8');

test('docs/monitoring.md holds the table of src/metrics/metric-table.ts', async () => {
  const written = page.replace(
    /<!-- metrics -->.*<!-- \/metrics -->/s,
    () => `<!-- metrics -->\n\n${table()}\n\n<!-- /metrics -->`,
  );
  await expect(written).toMatchFileSnapshot('../../docs/monitoring.md');
});

function table(): string {
  const rows = Object.entries<MetricEntry>(metricTable).map(([name, { type, help, labels = {} }]) => {
    const of = Object.entries(labels).map(([label, values]) => `\`${label}\`: ${valuesText(values)}`);
    return `| \`${name}\` | ${type} | ${help} | ${of.join('; ')} |`;
  });
  return ['| metric | type | what it tells | labels |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function valuesText(values: readonly string[] | 'tools' | 'agents'): string {
  if (values === 'tools') return 'names of your tools, `other`';
  if (values === 'agents') return 'names of your agents or `default`, `other`';
  return values.map((value) => `\`${value}\``).join(', ');
}
