import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { temporaryFolder } from '../temporary-folder.ts';
import { promtool, promtoolIsMissing } from '../metrics/promtool.ts';
import { Checker } from './checker.ts';
import { deployFolder, deployText, manifestFiles, routerCaddyfile } from './deploy-files.ts';

const caddy = new Checker('caddy', "Debian's package caddy", 'version');
const kubernetes = new Checker('kubernetes-validate', 'the Python package kubernetes-validate');
const schemas = new Checker('check-jsonschema', 'the Python package check-jsonschema');
const systemd = new Checker('systemd-analyze', "Debian's package systemd");

test.for(manifestFiles)('Kubernetes takes %s, and nothing that is misspelt', (name, context) => {
  if (kubernetes.missing !== null) return context.skip(kubernetes.missing);
  expect(kubernetes.complaint(['--strict', deployFolder + name])).toBeNull();
  const misspelt = deployText(name).replace('readinessProbe', 'readynessProbe');
  const folder = temporaryFolder(context, { 'misspelt.yaml': misspelt });
  expect(kubernetes.complaint(['--strict', join(folder, 'misspelt.yaml')])).toContain('readynessProbe');
});

test('compose takes its file, and nothing that is misspelt', (context) => {
  if (schemas.missing !== null) return context.skip(schemas.missing);
  const check = ['--builtin-schema', 'vendor.compose-spec'];
  expect(schemas.complaint([...check, `${deployFolder}compose.yaml`])).toBeNull();
  const misspelt = deployText('compose.yaml').replace('restart:', 'restarts:');
  const folder = temporaryFolder(context, { 'compose.yaml': misspelt });
  expect(schemas.complaint([...check, join(folder, 'compose.yaml')])).toContain('restarts');
});

test.for([
  ['compose', deployText('Caddyfile')],
  ['Kubernetes', routerCaddyfile()],
] as const)('Caddy takes the file of %s', ([, text], context) => {
  if (caddy.missing !== null) return context.skip(caddy.missing);
  const file = join(temporaryFolder(context, { Caddyfile: text }), 'Caddyfile');
  const env = { PUBLIC_URL: 'https://voice.example.com', XDG_DATA_HOME: file, XDG_CONFIG_HOME: file };
  expect(caddy.complaint(['validate', '--adapter', 'caddyfile', '--config', file], env)).toBeNull();
});

test('Prometheus takes what compose gives it', (context) => {
  if (promtoolIsMissing !== null) return context.skip(promtoolIsMissing);
  const folder = temporaryFolder(context, {
    'prometheus.yml': deployText('prometheus.yml').replace('/run/secrets/', ''),
    'alerts.yml': deployText('grafana/alerts.yml'),
    'admin-token': 'operator-of-compose',
  });
  expect(promtool(['check', 'config', join(folder, 'prometheus.yml')])).toBeNull();
});

test('Prometheus takes how it finds pods', (context) => {
  if (promtoolIsMissing !== null) return context.skip(promtoolIsMissing);
  const config = z
    .looseObject({ scrape_configs: z.tuple([z.looseObject({ kubernetes_sd_configs: z.tuple([z.unknown()]) })]) })
    .parse(parse(deployText('kubernetes/monitoring/prometheus.yml')));
  // Debian's Prometheus does not ask Kubernetes.
  const { kubernetes_sd_configs: _pods, ...scrape } = config.scrape_configs[0];
  const text = stringify({ ...config, scrape_configs: [scrape] });
  const file = join(temporaryFolder(context, { 'prometheus.yml': text }), 'prometheus.yml');
  expect(promtool(['check', 'config', '--syntax-only', file])).toBeNull();
});

test('systemd takes the unit, without a warning', (context) => {
  if (systemd.missing !== null) return context.skip(systemd.missing);
  // It looks for the program, which is not where an admin has it.
  const unit = deployText('parley.service').replace('/srv/parley/node_modules/.bin/node', process.execPath);
  const file = join(temporaryFolder(context, { 'parley.service': unit }), 'parley.service');
  // Without the option, a line that it does not know is a warning and no error.
  expect(systemd.complaint(['verify', '--recursive-errors=no', file])).toBeNull();
});
