import type { ErrorCode } from '../../errors.ts';
import type { HistoryPage, HistoryPlace, HistoryQuery, PastCallStory } from '../history/call-history.ts';

// What the main thread and the thread that reads the history say to each other.

export type HistoryJob =
  | { readonly kind: 'list'; readonly query: HistoryQuery; readonly place: HistoryPlace }
  | { readonly kind: 'find'; readonly callSid: string };

export interface HistoryRequest {
  readonly id: number;
  readonly job: HistoryJob;
}

export type HistoryJobAnswer =
  | { readonly kind: 'page'; readonly page: HistoryPage }
  | { readonly kind: 'story'; readonly story: PastCallStory | null }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly why: string };

export interface HistoryReply {
  readonly id: number;
  readonly answer: HistoryJobAnswer;
}
