import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { metricTable } from '../../src/metrics/metric-table.ts';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { FaultyService } from '../metrics/faulty-service.ts';
import { promtool, promtoolIsMissing, promtoolTest } from '../metrics/promtool.ts';
import { seriesOf } from '../metrics/scrape-text.ts';

const folder = fileURLToPath(new URL('../../deploy/grafana/', import.meta.url));
const rulesFile = `${folder}alerts.yml`;
const rules = readFileSync(rulesFile, 'utf8');

/** What a simulated day brings: good calls, and one of each trouble that a panel shows. */
const dayOfCalls = [
  'barge-in',
  'lookup',
  'tool-fails',
  'model-drops',
  'stall-mid-sentence',
  'rotation-by-age',
  'outage-to-the-end',
];

/** Calls in which nothing goes wrong. */
const goodCalls = ['barge-in', 'lookup', 'end-call', 'rotation'];

/** Each fault that needs a person: its alert, and how it comes about. */
const faults: Readonly<Record<string, (service: FaultyService) => void | Promise<void>>> = {
  ParleyKeyRefused: (service) => service.modelRefuses('model.keyRefused'),
  ParleyCreditsDepleted: (service) => service.modelRefuses('model.creditsDepleted'),
  ParleyQuotaExceeded: (service) => service.modelRefuses('model.quotaExceeded'),
  ParleyModelMisconfigured: (service) => service.modelRefuses('model.notFound'),
  ParleyApologies: (service) => service.plays(['outage-to-the-end'], 3),
  ParleyRecoveries: (service) => service.plays(['no-answer-ever'], 3),
  ParleySlowAnswers: (service) => service.plays(['no-answer-until-fresh'], 11),
  ParleyNoRoom: (service) => service.registry.turnAway('full'),
  ParleyOverloaded: (service) => service.registry.turnAway('overloaded'),
  ParleyWebhooksRefused(service) {
    for (let time = 0; time < 3; time += 1)
      service.refusals.add('webhookRefused', { fault: 'webhook.signatureInvalid' });
  },
  ParleyRedirectFailed: (service) => service.plays(['redirect-refused']),
  ParleyCallCrashed: (service) => service.callCrashes(),
  ParleyToolFails: (service) => service.plays(['tool-times-out'], 3),
  ParleyJournalFailing: (service) => service.journalFails(),
  ParleyJournalLost: (service) => service.journalFails({ queue: { items: 1, bytes: 1000 } }),
  ParleyEventLoopSlow: (service) => service.blocks(),
  ParleyLogLinesLost: (service) => service.logStalls(),
};

/** When something happens in the tests of promtool, and when is looked, in minutes. */
const faultMinute = 5;
const lookMinute = 12;

/** The series of two scrapes, as promtool wants them: one value until the fault, the other from then on. */
function inputSeries(before: string, after: string): object[] {
  const earlier = seriesOf(before);
  return seriesOf(after).map(({ name, labels, value }, index) => ({
    series: `${name}{${labelsText({ ...labels, ...scraped })}}`,
    values: `${earlier[index]?.value ?? 0}+0x${faultMinute - 1} ${value}+0x${lookMinute}`,
  }));
}

const scraped = { job: 'parley', instance: '127.0.0.1:8081' };

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, text]) => `${label}="${text}"`)
    .join(',');
}

/** Whether a query brings anything that is a number. */
function brings(expr: string): object {
  // What is no number equals nothing, not even itself.
  const asked = `count((${expr}) == (${expr})) > bool 0`;
  return { expr: asked, eval_time: `${lookMinute}m`, exp_samples: [{ labels: '{}', value: 1 }] };
}

function firing(matcher: string, count: number): object {
  const expr = `count(ALERTS{alertstate="firing"${matcher}})`;
  const samples = count === 0 ? [] : [{ labels: '{}', value: count }];
  return { expr, eval_time: `${lookMinute}m`, exp_samples: samples };
}

/** Two scrapes of a service, and what happened between them. */
async function scrapes(happens: (service: FaultyService) => void | Promise<void>): Promise<readonly [string, string]> {
  const service = new FaultyService();
  try {
    const before = await service.metrics.scrape();
    await happens(service);
    return [before, await service.metrics.scrape()];
  } finally {
    await service.close();
  }
}

/** The queries of the dashboard, as Grafana sends them. */
const queries = exprsOf(parseJson(readFileSync(`${folder}parley.json`, 'utf8'))).map((expr) =>
  expr.replaceAll('$__rate_interval', '10m').replaceAll('$instance', '.*'),
);

function exprsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(exprsOf);
  if (!isJsonObject(node)) return [];
  return [...(typeof node.expr === 'string' ? [node.expr] : []), ...Object.values(node).flatMap(exprsOf)];
}

const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

/** What is wrong with the names in a query, by what is there. */
function unknownNames(text: string, series: ReturnType<typeof seriesOf>): string[] {
  const asked = [...text.matchAll(/\b((?:parley|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)];
  return asked.flatMap(([, name = '', matchers = '']) => {
    const found = series.filter((one) => one.name === name);
    if (found.length === 0) return [name];
    const wanted = [...matchers.matchAll(/(\w+)=(~?)"([^"]*)"/g)].filter(([, label]) => label !== 'instance');
    return wanted
      .filter(([, label = '', , value = '']) => {
        const values = new Set(found.map(({ labels }) => labels[label]));
        return !value.split('|').every((one) => values.has(one));
      })
      .map(([matcher]) => `${name}{${matcher}}`);
  });
}

test('the dashboard and the alerts ask for metrics and labels that are there, and the dashboard for each metric', async () => {
  const [before] = await scrapes(() => {});
  const series = seriesOf(before);
  expect([...queries, rules].flatMap((text) => unknownNames(text, series))).toEqual([]);
  expect(Object.keys(metricTable).filter((name) => !queries.some((query) => query.includes(name)))).toEqual([]);
});

test('each alert has a fault that makes it fire', () => {
  expect(alerts.toSorted()).toEqual([...Object.keys(faults), 'ParleyDown'].toSorted());
});

test('promtool takes the rules', ({ skip }) => {
  if (promtoolIsMissing !== null) return skip(promtoolIsMissing);
  expect(promtool(['check', 'rules', rulesFile])).toBeNull();
});

test('each query of the dashboard brings data after a day of simulated calls', async ({ skip }) => {
  if (promtoolIsMissing !== null) return skip(promtoolIsMissing);
  const [before, after] = await scrapes((service) => service.plays(dayOfCalls));
  const suite = { input_series: inputSeries(before, after), promql_expr_test: queries.map(brings), interval: '1m' };
  expect(promtoolTest({ tests: [suite] })).toBeNull();
});

test('each fault that needs a person fires its alert, and good calls fire none', async ({ skip }) => {
  if (promtoolIsMissing !== null) return skip(promtoolIsMissing);
  const [start, good] = await scrapes((service) => service.plays(goodCalls, 3));
  const up = { series: `up{${labelsText(scraped)}}`, values: `1+0x${faultMinute + lookMinute}` };
  const down = { ...up, values: `1+0x${faultMinute - 1} 0+0x${lookMinute}` };
  const tests = [
    { interval: '1m', input_series: [up, ...inputSeries(start, good)], promql_expr_test: [firing('', 0)] },
    { interval: '1m', input_series: [down], promql_expr_test: [firing(',alertname="ParleyDown"', 1)] },
  ];
  for (const [alert, happens] of Object.entries(faults)) {
    const [before, after] = await scrapes(happens);
    const promql_expr_test = [firing(`,alertname="${alert}"`, 1)];
    tests.push({ interval: '1m', input_series: [up, ...inputSeries(before, after)], promql_expr_test });
  }
  expect(promtoolTest({ rule_files: [rulesFile], tests })).toBeNull();
});
