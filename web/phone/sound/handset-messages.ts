import type { PlayTally } from './play-queue.ts';

/** What the page tells its sound thread. */
export type ToHandset =
  | { readonly type: 'play'; readonly audio: Uint8Array }
  | { readonly type: 'clear' }
  | { readonly type: 'mute'; readonly isMuted: boolean };

/** What the sound thread tells the page: each 20 ms of the microphone, as mu-law at 8 kHz, and how playing goes. */
export type FromHandset =
  | { readonly type: 'spoken'; readonly audio: Uint8Array }
  | { readonly type: 'tally'; readonly tally: PlayTally };
