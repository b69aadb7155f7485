import type { GrowthPolicy, ScalingManifest } from './scaling-manifest.ts';

/** So far from its target the autoscaler of Kubernetes changes nothing, unless it is told otherwise. */
const tolerance = 0.1;

/**
 * How many pods the autoscaler of Kubernetes wants, as its documentation says, as far as calls only become more: a metric of pods, the
 * policies for more of them, and of those the one that allows most.
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 */
export class Autoscaler {
  readonly #manifest: ScalingManifest;
  #pods: number;
  readonly #added: { readonly atMs: number; readonly pods: number }[] = [];

  constructor(manifest: ScalingManifest) {
    this.#manifest = manifest;
    this.#pods = manifest.podsMin;
  }

  /** How many pods there shall be, those that start included. */
  get pods(): number {
    return this.#pods;
  }

  /** Looks at the calls of all pods. Returns how many pods are to be started. */
  looks(nowMs: number, calls: number): number {
    const { callsTarget, podsMax, growth } = this.#manifest;
    if (calls / (this.#pods * callsTarget) <= 1 + tolerance) return 0;
    const allowed = Math.max(...growth.map((policy) => this.#allowedBy(policy, nowMs)));
    const added = Math.max(0, Math.min(Math.ceil(calls / callsTarget), allowed, podsMax) - this.#pods);
    this.#pods += added;
    if (added > 0) this.#added.push({ atMs: nowMs, pods: added });
    return added;
  }

  #allowedBy({ type, value, periodSeconds }: GrowthPolicy, nowMs: number): number {
    const sinceMs = nowMs - periodSeconds * 1000;
    const before = this.#added.reduce((pods, added) => pods - (added.atMs > sinceMs ? added.pods : 0), this.#pods);
    return type === 'Pods' ? before + value : Math.ceil(before * (1 + value / 100));
  }
}
