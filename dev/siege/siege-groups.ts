import { connectionKinds } from './kinds/connections.ts';
import { modelFloodKinds } from './kinds/model-floods.ts';
import { modelMessageKinds } from './kinds/model-messages.ts';
import { modelSessionKinds } from './kinds/model-sessions.ts';
import { openingKinds } from './kinds/openings.ts';
import { readerKinds } from './kinds/readers.ts';
import { requestKinds } from './kinds/requests.ts';
import { streamKinds } from './kinds/streams.ts';
import { upgradeKinds } from './kinds/upgrades.ts';
import type { SiegeKind } from './siege-kind.ts';

/** Kinds of abuse that come from one place. */
export interface SiegeGroup {
  /** Who does it, and where. */
  readonly name: string;
  readonly kinds: readonly SiegeKind[];
}

/** All kinds, by where they come from. */
export const siegeGroups: readonly SiegeGroup[] = [
  { name: 'requests of strangers', kinds: requestKinds },
  { name: 'connections of strangers', kinds: connectionKinds },
  { name: 'upgrades of strangers', kinds: upgradeKinds },
  { name: 'media sockets without a start', kinds: openingKinds },
  { name: 'streams of a caller', kinds: streamKinds },
  { name: 'messages of a model', kinds: modelMessageKinds },
  { name: 'floods of a model', kinds: modelFloodKinds },
  { name: 'sessions of a model', kinds: modelSessionKinds },
  { name: 'readers of the log', kinds: readerKinds },
];
