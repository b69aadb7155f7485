import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** The folder of what others run beside Parley. */
export const deployFolder = fileURLToPath(new URL('../../deploy/', import.meta.url));

export function deployText(name: string): string {
  return readFileSync(deployFolder + name, 'utf8');
}

const seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number.parseInt(text, 10));

const service = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.coerce.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  stop_grace_period: seconds.optional(),
});

type Service = z.output<typeof service>;

/** The services of the compose file. */
export const services: Readonly<Record<string, Service>> = z
  .object({ services: z.record(z.string(), service) })
  .parse(parse(deployText('compose.yaml'), { merge: true })).services;

/** Those of them that answer calls, by their names. */
export const parleyServices = Object.entries(services).filter(([, { image }]) => image === 'parley');

/** The settings of a service, with what the admin gives to the compose file in place of its names. */
export function settingsOf({ environment }: Service, given: Readonly<Record<string, string>>): Record<string, string> {
  const filled = (text: string): string =>
    text.replaceAll(/\$\{(\w+):\?[^}]*\}/g, (all, name: string) => given[name] ?? all);
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, filled(text)]));
}

const port = z.object({ name: z.string(), port: z.number().optional(), containerPort: z.number().optional() });

const action = z.object({
  httpGet: z.object({ path: z.string(), port: z.string() }).optional(),
});

const container = z.object({
  image: z.string(),
  env: z.array(z.object({ name: z.string() })).default([]),
  ports: z.array(port),
  startupProbe: action.optional(),
  livenessProbe: action.optional(),
  readinessProbe: action.optional(),
  lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) }),
  securityContext: z.object({ readOnlyRootFilesystem: z.literal(true), allowPrivilegeEscalation: z.literal(false) }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
});

const podSpec = z.object({
  terminationGracePeriodSeconds: z.number(),
  securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.number() }),
  containers: z.tuple([container]),
});

const metricOfPods = z.object({ pods: z.object({ metric: z.object({ name: z.string() }) }) });

/** What is looked at of a manifest, whatever its kind. */
const manifest = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
  spec: z
    .object({
      template: z.object({ spec: podSpec }).optional(),
      ports: z.array(port).optional(),
      metrics: z.array(metricOfPods).optional(),
    })
    .optional(),
});

/** The files of Kubernetes, and what stands in them. */
export const manifestFiles = ['kubernetes/parley.yaml', 'kubernetes/router.yaml'];
const manifests = manifestFiles.flatMap((file) =>
  parseAllDocuments(deployText(file)).map((document) => manifest.parse(document.toJS())),
);

/** The one manifest of a kind with a name. */
export function manifestOf(kind: string, name: string): z.output<typeof manifest> {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new RangeError(`There is no ${kind} ${name}.`);
  return found;
}

/** The pods of a manifest. */
export function podOf(kind: string, name: string): z.output<typeof podSpec> {
  const template = manifestOf(kind, name).spec?.template;
  if (template === undefined) throw new RangeError(`${name} has no pods.`);
  return template.spec;
}

/** The file of the proxy that stands in the manifests. */
export function routerCaddyfile(): string {
  return manifestOf('ConfigMap', 'parley-router').data['Caddyfile'] ?? '';
}
