import type { Taker } from './lease.ts';
import { textSum } from './text-sum.ts';

/**
 * Other processes that have room for calls, as the store told of them last, without what was sent there since. Calls are spread among them by
 * their room, so that several processes which are full do not all send to the same one.
 */
export class Takers {
  #rooms: ReadonlyMap<string, number> = new Map();

  /** The store has told anew. */
  learn(takers: readonly Taker[]): void {
    this.#rooms = new Map(takers.map(({ instance, room }) => [instance, room]));
  }

  /** The instance to which a call is to be sent, whose room is less by one then; null when nobody has room. */
  take(callSid: string): string | null {
    const rooms = [...this.#rooms];
    const total = rooms.reduce((sum, [, room]) => sum + room, 0);
    let place = total === 0 ? 0 : textSum(callSid) % total;
    const found = rooms.find(([, room]) => {
      place -= room;
      return place < 0;
    });
    if (found === undefined) return null;
    const [instance, room] = found;
    this.#rooms = new Map([...rooms, [instance, room - 1]]);
    return instance;
  }
}
