import { AttackerModel } from '../siege/attacker-model.ts';
import { streamKinds } from '../siege/kinds/streams.ts';
import { SiegeGround } from '../siege/siege-ground.ts';
import type { SiegeKind } from '../siege/siege-kind.ts';
import type { SiegeService } from '../siege/siege-service.ts';

/** What a hostile caller may do while others talk. Those whose model is hostile as well are left to the siege. */
const kinds = streamKinds.filter(({ name }) => name !== 'a-phone-that-does-not-read');

/** The kind of this name. Throws a RangeError that lists them when there is none. */
export function hostileKind(name: string): SiegeKind {
  const kind = kinds.find((one) => one.name === name);
  if (kind !== undefined) return kind;
  throw new RangeError(`No hostile caller does "${name}". There are: ${kinds.map((one) => one.name).join(', ')}.`);
}

/** Has one more caller, a hostile one, for so long. */
export async function attackBeside(service: SiegeService, kind: SiegeKind, lastsMs: number): Promise<void> {
  const ground = new SiegeGround(service, new AttackerModel(), lastsMs);
  await kind.attack(ground);
  await ground.leave();
}
