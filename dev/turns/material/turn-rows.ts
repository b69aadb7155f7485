import type { SoundKind } from '../../voice/sounds/sounds.ts';

/** What lies under everything on a line. `regular`: talkers, television, street or train at 12 to 18 dB, bursts, and frames lost. */
export type Line = 'quiet' | 'regular' | 'babble';

/** What the caller's line brings while the agent speaks, or the caller says while it does not. */
export type Happening =
  | { readonly type: 'sentence' }
  /** One word that asks the agent to stop, and then silence. */
  | { readonly type: 'word' }
  /** A hum such as "mm-hm", or a word of agreement such as "okay". */
  | { readonly type: 'backchannel'; readonly isHum: boolean }
  | { readonly type: 'cough' }
  /** A sound that is not the caller, for so many seconds, so many dB under the caller. */
  | {
      readonly type: 'sound';
      readonly kinds: readonly SoundKind[];
      readonly seconds: number;
      readonly underDb: readonly [number, number];
    }
  /** Somebody else in the room says a sentence, so many dB softer than the caller. */
  | { readonly type: 'others'; readonly underDb: number }
  /** Nothing but an echo of the agent's own voice, so many dB softer than it. */
  | { readonly type: 'echo'; readonly underDb: number };

/** One row of the table: what happens, when, and on which line. */
export interface TurnRow {
  readonly name: string;
  readonly happening: Happening;
  readonly line: Line;
  /** `over`: while the agent speaks. `between`: while it does not. `greeting`: over the greeting. */
  readonly when: 'over' | 'between' | 'greeting';
  /** Whether the agent has to stop, or must not. */
  readonly asks: 'yield' | 'goOn' | 'answer';
}

const sentence = { type: 'sentence' } as const;

/** All rows, in the order of the table. */
export const turnRows: readonly TurnRow[] = [
  { name: 'interruptions', happening: sentence, line: 'regular', when: 'over', asks: 'yield' },
  { name: 'interruptions, quiet line', happening: sentence, line: 'quiet', when: 'over', asks: 'yield' },
  { name: 'interruptions, babble', happening: sentence, line: 'babble', when: 'over', asks: 'yield' },
  { name: 'one-word stops', happening: { type: 'word' }, line: 'regular', when: 'over', asks: 'yield' },
  over('backchannels: hums', { type: 'backchannel', isHum: true }, 'regular'),
  over('backchannels: words', { type: 'backchannel', isHum: false }, 'regular'),
  over('coughs', { type: 'cough' }, 'regular'),
  over('clicks and knocks', sound(['clicks', 'knocks'], 3, [0, 6]), 'regular'),
  over('steady noise', sound(['white noise', 'fan', 'hum', 'street', 'metro'], 5, [0, 12]), 'quiet'),
  over('music', sound(['music'], 5, [0, 12]), 'quiet'),
  over('keys and tones', sound(['keys', 'ringback', 'busy'], 4, [0, 12]), 'quiet'),
  over('echo, 25 dB', { type: 'echo', underDb: 25 }, 'quiet'),
  ...[0, 6, 12, 18].map((underDb) =>
    over(
      underDb === 0 ? 'somebody else, as loud' : `somebody else, ${underDb} dB softer`,
      { type: 'others', underDb },
      'quiet',
    ),
  ),
  { name: 'turns', happening: sentence, line: 'regular', when: 'between', asks: 'answer' },
  { name: 'turns, quiet line', happening: sentence, line: 'quiet', when: 'between', asks: 'answer' },
  { name: 'turns, babble', happening: sentence, line: 'babble', when: 'between', asks: 'answer' },
  { name: 'turns, over the greeting', happening: sentence, line: 'regular', when: 'greeting', asks: 'answer' },
];

function over(name: string, happening: Happening, line: Line): TurnRow {
  return { name, happening, line, when: 'over', asks: 'goOn' };
}

function sound(kinds: readonly SoundKind[], seconds: number, underDb: readonly [number, number]): Happening {
  return { type: 'sound', kinds, seconds, underDb };
}
