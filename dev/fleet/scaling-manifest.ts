import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const folder = new URL('../../deploy/kubernetes/', import.meta.url);

const policy = z.object({ type: z.enum(['Percent', 'Pods']), value: z.number(), periodSeconds: z.number() });

/** By how much the autoscaler may add pods in a period. */
export type GrowthPolicy = z.output<typeof policy>;

const autoscalerSpec = z.object({
  minReplicas: z.number(),
  maxReplicas: z.number(),
  metrics: z.tuple([z.object({ pods: z.object({ target: z.object({ averageValue: z.coerce.number() }) }) })]),
  behavior: z.object({ scaleUp: z.object({ stabilizationWindowSeconds: z.literal(0), policies: z.array(policy) }) }),
});

const limits = z.object({ MAX_CONCURRENT_CALLS: z.coerce.number(), CALLS_PER_PROCESS: z.coerce.number() });

const probed = z.object({ readinessProbe: z.object({ periodSeconds: z.number() }) });
const processSpec = z.object({ template: z.object({ spec: z.object({ containers: z.tuple([probed]) }) }) });

const seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number.parseInt(text, 10));
const monitoring = z.object({ scrape_configs: z.tuple([z.object({ scrape_interval: seconds })]) });

/** What the manifests say about how many pods there are. */
export interface ScalingManifest {
  readonly podsMin: number;
  readonly podsMax: number;
  /** How many calls of each pod the autoscaler aims at. */
  readonly callsTarget: number;
  /** How many calls a pod takes. */
  readonly callsCarried: number;
  /** The limit of all pods together. */
  readonly callsMax: number;
  readonly growth: readonly GrowthPolicy[];
  /** How often a pod is asked whether it is ready, and how many calls it has. */
  readonly probeMs: number;
  readonly scrapeMs: number;
}

/** Reads the manifests in `deploy`. Throws where they do not say what is asked. */
export function readScalingManifest(): ScalingManifest {
  const manifests = parseAllDocuments(textOf('parley.yaml')).map((document) =>
    z.looseObject({ kind: z.string() }).parse(document.toJS()),
  );
  const of = (kind: string): Record<string, unknown> => manifests.find((one) => one.kind === kind) ?? {};
  const { minReplicas, maxReplicas, metrics, behavior } = autoscalerSpec.parse(of('HorizontalPodAutoscaler')['spec']);
  const { MAX_CONCURRENT_CALLS: callsMax, CALLS_PER_PROCESS: callsCarried } = limits.parse(of('ConfigMap')['data']);
  const { readinessProbe } = processSpec.parse(of('StatefulSet')['spec']).template.spec.containers[0];
  const { scrape_interval } = monitoring.parse(parse(textOf('monitoring/prometheus.yml'))).scrape_configs[0];
  return {
    podsMin: minReplicas,
    podsMax: maxReplicas,
    callsTarget: metrics[0].pods.target.averageValue,
    callsCarried,
    callsMax,
    growth: behavior.scaleUp.policies,
    probeMs: 1_000 * readinessProbe.periodSeconds,
    scrapeMs: 1_000 * scrape_interval,
  };
}

function textOf(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}
