import type { ModelBehavior } from '../../call/call-settings.ts';
import type { SpeechTally } from '../../sim/caller/live-handset.ts';

/** Where a call from the browser is. */
export type BrowserCallState =
  | { readonly phase: 'ringing' }
  | { readonly phase: 'talking' }
  /** `why` is a sentence for the person who called. */
  | { readonly phase: 'over'; readonly why: string; readonly went: 'well' | 'wrong' };

/** What a page learns of its call, in the order in which it happens. */
export type PhoneNews =
  | { readonly type: 'state'; readonly state: BrowserCallState }
  /** What is to be heard from here on has nothing to do with what the page still holds. */
  | { readonly type: 'clear' }
  /** More words of whoever speaks, as they come. */
  | { readonly type: 'caption'; readonly speaker: 'caller' | 'agent'; readonly text: string }
  /** What was said, when it is certain: of the agent, what was heard. `cut`: the caller interrupted. */
  | { readonly type: 'said'; readonly speaker: 'caller' | 'agent'; readonly text: string; readonly cut: boolean }
  | {
      readonly type: 'tool';
      readonly id: string;
      readonly name: string;
      readonly what: string;
      readonly state: 'runs' | 'done' | 'failed';
    }
  /** What the phone network or Parley does, as a sentence. */
  | { readonly type: 'event'; readonly text: string }
  /** The call is over, and its sound can be downloaded. */
  | { readonly type: 'recorded' }
  /** What became of the pictures that are shown. */
  | { readonly type: 'pictures'; readonly taken: number; readonly refusal: string | null };

/** News with their number, from 1: a page that comes back asks for what it has missed. */
export type NumberedNews = PhoneNews & { readonly number: number };

/** How the connection of a page is doing; sent every second. */
export interface LineFigures {
  readonly type: 'figures';
  /** Frames that came on this connection, and those that are missing or came twice. */
  readonly received: number;
  readonly lost: number;
  readonly doubled: number;
  /** Frames that were sent on this connection. */
  readonly sent: number;
  readonly speech: SpeechTally;
  readonly isLineBad: boolean;
}

/** The answer to a ping of the page. */
export interface Pong {
  readonly type: 'pong';
  readonly id: number;
}

/** All that comes to a page as text. */
export type ServerText = NumberedNews | LineFigures | Pong;

/** An agent that a page can call. */
export interface PhoneAgent {
  readonly id: string;
  readonly name: string;
  /** Numbers at which other callers reach it. */
  readonly numbers: readonly string[];
  /** `simulated`: recorded sentences, and no model understands the caller. */
  readonly model: { readonly kind: 'simulated' } | { readonly kind: 'real'; readonly name: string };
  /** Names of the tools that it has. */
  readonly tools: readonly string[];
  /** Those of them that act, and that a call from here does not run. */
  readonly heldBackTools: readonly string[];
  readonly destinations: readonly string[];
  /** What its model does with pictures. */
  readonly pictures: ModelBehavior['pictures'];
}

/** What a page can call, and what it must know of it. */
export interface PhoneSetup {
  /** Whom a page can call; the first one unless somebody chooses another. */
  readonly agents: readonly PhoneAgent[];
  readonly callMinutesMax: number;
}
