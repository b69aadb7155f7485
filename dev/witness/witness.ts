import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../src/encoding/json.ts';
import type { SocketSession } from '../../src/sim/model/hosts/model-session.ts';

/** A client of the model that others have written: it knows the service from its own sources, and so bears witness to the simulator. */
export interface Witness {
  readonly name: string;
  /** Holds `requirements.txt` and the program. */
  readonly folder: string;
  /** Holds a talk and says what both sides met in it. */
  readonly hold: (python: string) => Promise<JsonObject>;
  /** What they should have met. */
  readonly expected: JsonObject;
}

/** What one session of the simulated model came to. */
export function sessionMet(session: SocketSession): JsonObject {
  const { apiVersion, resumes, end, violations } = session.report();
  const by = end?.by ?? null;
  return {
    apiVersion,
    resumes,
    ended: typeof by === 'string' || by === null ? by : `${by.code} ${by.reason}`,
    violations: violations.map(({ rule, what }) => `${rule}: ${what}`),
  };
}

/** A sentence for each thing that was met otherwise than expected. */
export function differences(met: JsonObject, expected: JsonObject): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(met)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(met[name], expected[name]))
    .map((name) => `${name} is ${JSON.stringify(met[name])}, and not ${JSON.stringify(expected[name])}.`);
}
