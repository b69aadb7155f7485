import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { commandOf, readDockerfile } from '../../dev/image/dockerfile.ts';
import { startArguments } from '../../dev/siege/start-arguments.ts';
import { environment } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { metricTable } from '../../src/metrics/metric-table.ts';
import { instancePath, paths } from '../../src/twilio/paths.ts';
import { authToken, geminiKey, ServiceScene } from '../e2e/service-scene.ts';
import {
  deployFolder,
  deployText,
  manifestOf,
  parleyServices,
  podOf,
  routerCaddyfile,
  services,
  settingsOf,
} from './deploy-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
const caddyfile = deployText('Caddyfile');
const unit = deployText('parley.service');

/** What an admin puts in the place of names. */
const given: Readonly<Record<string, string>> = {
  PUBLIC_URL: 'https://voice.example.com',
  POSTGRES_PASSWORD: 'a1b2c3',
  ADMIN_TOKEN: 'operator-of-compose',
  GRAFANA_PASSWORD: 'd4e5f6',
};

/** What an admin has of secrets. */
const own: Readonly<Record<string, string>> = {
  GEMINI_API_KEY: geminiKey,
  TWILIO_AUTH_TOKEN: authToken,
  ADMIN_TOKEN: 'operator-of-the-pods',
  DATABASE_URL: 'postgres://parley:a1b2c3@postgres/parley?sslmode=verify-full',
};

/** The settings of each process that is started somewhere. */
const processes = [
  ...parleyServices.map(([name, service]) => [name, settingsOf(service, given)] as const),
  ['a pod', settingsOfPod()] as const,
];

/** A pod is called as Kubernetes calls the first one. Its secrets are those that the page has an admin make. */
function settingsOfPod(): Record<string, string> {
  const secrets = [...page.matchAll(/--from-literal=(\w+)=/g)].map(([, name = '']) => [name, own[name] ?? '']);
  return { ...manifestOf('ConfigMap', 'parley').data, ...Object.fromEntries(secrets), INSTANCE: 'parley-0' };
}

/** How long Parley takes beyond DRAIN_SECONDS to end, as docs/operations.md says. */
const farewellSeconds = 20;

const { drainSeconds } = loadConfig({}).limits;

function dockerfile(name: string): string[] {
  return readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8')).flatMap((step) =>
    step.name === name ? step.text : [],
  );
}

const [exposed = ''] = dockerfile('EXPOSE');
const twilioPort = Number(exposed);
const adminPort = loadConfig({}).admin.port;

describe('the settings', () => {
  test.for(processes)('of %s are known, and are taken', ([, settings]) => {
    expect(Object.keys(settings).filter((name) => !Object.hasOwn(environment.shape, name))).toEqual([]);
    const config = loadConfig({ ...own, ...settings });
    expect(config.http.publicUrl).toBe(given.PUBLIC_URL);
    expect(config.http.instance).toBe(settings['INSTANCE']);
    expect(config.journal.database).toContain('postgres://parley:a1b2c3@postgres/parley');
    expect(config.limits.drainSeconds).toBe(drainSeconds);
  });

  test('of a pod name it, and hold the secrets that the page has made', () => {
    expect(podOf('StatefulSet', 'parley').containers[0].env.map(({ name }) => name)).toEqual(['INSTANCE']);
    expect(Object.keys(settingsOfPod())).toEqual(expect.arrayContaining([...Object.keys(own), 'DATABASE_URL']));
  });

  test('that compose asks an admin for stand on the page', () => {
    const asked = new Set([...deployText('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
    expect([...asked].toSorted()).toEqual(Object.keys(given).toSorted());
    expect([...asked].filter((name) => !page.includes(`\n${name}=`))).toEqual([]);
  });
});

describe('the image', () => {
  test('has the ports, the user and the folder that are counted on', () => {
    expect(dockerfile('ENV').join(' ')).toContain(`PORT=${twilioPort}`);
    const pod = podOf('StatefulSet', 'parley');
    expect(pod.containers[0].ports.map(({ containerPort }) => containerPort)).toEqual([twilioPort, adminPort]);
    // The user node of the base image has this id.
    expect([dockerfile('ARG'), pod.securityContext.runAsUser]).toEqual([['SERVICE_USER=node'], 1000]);
    const data = `${dockerfile('WORKDIR')[0]}/data`;
    expect(pod.containers[0].volumeMounts.map(({ mountPath }) => mountPath)).toEqual([data]);
    for (const [name, { volumes }] of parleyServices) expect(volumes).toContain(`${name}:${data}`);
  });

  test('is started as systemd starts Parley', () => {
    const [, program = '', options = ''] = /^ExecStart=(\S+) (.*)$/m.exec(unit) ?? [];
    expect(options.split(' ')).toEqual(startArguments());
    expect(commandOf(dockerfile('CMD')[0] ?? '')).toEqual(['node', ...startArguments()]);
    const folder = /^WorkingDirectory=(.*)$/m.exec(unit)?.[1] ?? '';
    expect(existsSync(program.replace(folder, root))).toBe(true);
  });
});

test('what Node has compiled is kept where systemd lets the service write', () => {
  const [, folder = ''] = /^CacheDirectory=(.+)$/m.exec(unit) ?? [];
  expect(folder).not.toBe('');
  expect(unit).toContain(`\nEnvironment=NODE_COMPILE_CACHE=/var/cache/${folder}\n`);
});

test('whoever stops Parley gives it the time to leave its calls', () => {
  const whole = drainSeconds + farewellSeconds;
  for (const [, service] of parleyServices) expect(service.stop_grace_period).toBe(whole);
  expect(unit).toContain(`\nTimeoutStopSec=${whole}\n`);
  const { containers, terminationGracePeriodSeconds } = podOf('StatefulSet', 'parley');
  const [, pauseSeconds] = containers[0].lifecycle.preStop.exec.command;
  expect(terminationGracePeriodSeconds).toBe(Number(pauseSeconds) + whole);
});

describe('the proxy', () => {
  const addresses = Object.values(paths);

  test.for(parleyServices)(
    'of compose leads what follows in a call to %s',
    ([
      name,
      {
        environment: { INSTANCE },
      },
    ]) => {
      const [, matched = '', first] =
        new RegExp(`@${INSTANCE} path (.*)\n\thandle @${INSTANCE} {\n\t\treverse_proxy \\{\\$\\w+:([\\w:-]+)\\}`).exec(
          caddyfile,
        ) ?? [];
      expect(first).toBe(`${name}:${twilioPort}`);
      const patterns = matched.split(' ').map((pattern) => new RegExp(`^${pattern.replace('*', '.*')}$`));
      for (const instance of [INSTANCE ?? null, `${INSTANCE}-w0`])
        for (const address of addresses)
          expect(patterns.filter((pattern) => pattern.test(instancePath(instance) + address))).toHaveLength(1);
    },
  );

  test('of compose knows every process wherever it knows one', () => {
    const known = caddyfile.split('\n').filter((line) => line.includes('reverse_proxy'));
    expect(known).toHaveLength(parleyServices.length + 2);
    for (const line of known)
      expect([...line.matchAll(/:([\w-]+):\d+\}/g)].map(([, name = '']) => name).toSorted()).toEqual(
        parleyServices.map(([name]) => name),
      );
  });

  test.each(['parley-0', 'parley-19', 'parley-0-w3'])('of Kubernetes finds the pod of %s', (instance) => {
    const [, pattern = ''] = /path_regexp pod (\S+)/.exec(routerCaddyfile()) ?? [];
    for (const address of addresses)
      expect(new RegExp(pattern).exec(instancePath(instance) + address)?.[1]).toBe(instance.replace(/-w\d$/, ''));
  });

  test('of Kubernetes asks the services that there are', () => {
    for (const name of ['parley', 'parley-pods']) {
      expect(manifestOf('Service', name).spec?.ports).toMatchObject([{ port: twilioPort }]);
      expect(routerCaddyfile()).toContain(`${name}:${twilioPort}`);
    }
  });

  test.each([caddyfile, routerCaddyfile()])('leads every address that Twilio asks to a process', (text) => {
    expect(text).toContain('handle /twilio/* {');
    expect(addresses.filter((address) => !address.startsWith('/twilio/'))).toEqual([]);
  });
});

test('what is asked whether a process lives and is ready answers', async (context) => {
  const { url } = await ServiceScene.open(context);
  const { startupProbe, livenessProbe, readinessProbe } = podOf('StatefulSet', 'parley').containers[0];
  const probes = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet?.path ?? '');
  const asked = [...probes, /health_uri (\S+)/.exec(caddyfile)?.[1] ?? ''];
  expect(asked).toEqual(['/healthz', '/healthz', '/readyz', '/readyz']);
  for (const path of asked) expect((await fetch(url + path)).status).toBe(200);
});

describe('the monitoring', () => {
  test('asks every process of compose, with the token', () => {
    const text = deployText('prometheus.yml');
    const asked = [...text.matchAll(/'([\w-]+):(\d+)'/g)].map(([, name = '', port]) => [name, Number(port)]);
    expect(asked).toEqual(parleyServices.map(([name]) => [name, adminPort]));
    const [secret = ''] = services['prometheus']?.secrets ?? [];
    expect(text).toContain(`credentials_file: /run/secrets/${secret}\n`);
    // The pages answer only to names that they know.
    for (const [name, service] of parleyServices) expect(service.environment['ADMIN_HOST']).toBe(name);
  });

  test('scales by metrics that there are', () => {
    const rule = z
      .object({ rules: z.tuple([z.object({ name: z.object({ as: z.string() }), metricsQuery: z.string() })]) })
      .parse(parse(deployText('kubernetes/monitoring/prometheus-adapter.yaml'))).rules[0];
    const scaled = manifestOf('HorizontalPodAutoscaler', 'parley').spec?.metrics ?? [];
    expect(scaled.map(({ pods }) => pods.metric.name)).toEqual([rule.name.as]);
    const asked = rule.metricsQuery.match(/parley_\w+/g) ?? [];
    expect(asked).toEqual(['parley_calls_live']);
    expect(asked.filter((name) => !Object.hasOwn(metricTable, name))).toEqual([]);
  });

  test('of Grafana finds its dashboard and its data', () => {
    const volumes = services['grafana']?.volumes ?? [];
    const [, folder = ''] = /path: (\S+)/.exec(deployText('grafana/provisioning/dashboards/parley.yml')) ?? [];
    expect(volumes).toContain(`./grafana/parley.json:${folder}/parley.json:ro`);
    expect(deployText('grafana/provisioning/datasources/prometheus.yml')).toContain('type: prometheus');
    expect(deployText('grafana/parley.json')).toContain('"query": "prometheus"');
  });
});

test('the files that compose mounts are there', () => {
  const files = Object.values(services).flatMap(({ volumes }) =>
    volumes.flatMap((volume) => /^(\.\/[^:]+):/.exec(volume)?.[1] ?? []),
  );
  expect(files.length).toBeGreaterThan(4);
  expect(files.filter((file) => !existsSync(join(deployFolder, file)))).toEqual([]);
});
