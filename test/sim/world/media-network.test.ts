import { expect, test } from 'vitest';
import { FaultPlan } from '../../../src/sim/faults/fault-plan.ts';
import { MediaNetwork } from '../../../src/sim/world/media-network.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';

test('the code of a close arrives before the cut that follows it, however far away the phone network is', () => {
  const network = new MediaNetwork(
    new FaultPlan([{ fault: 'latency', link: 'media', ms: 500, jitterMs: 0 }]),
    seededRandom(1),
  );
  network.open('MZ1', 'open', 0);
  const closed = network.sendOut({ type: 'socket.closed', streamSid: 'MZ1', code: 1008 }, 2000);
  const dropped = network.drop('MZ1', 2250);
  const codes = [...closed, ...dropped]
    .filter(({ to }) => to === 'carrier')
    .toSorted((one, other) => one.atMs - other.atMs)
    .map((delivery) => ('event' in delivery && 'code' in delivery.event ? delivery.event.code : null));
  expect(codes).toEqual([1008, 1006]);
});
