import type { HistoryPage, PastCall, PastCallStory } from '../../store/history/call-history.ts';

/** A page of calls, and what has to be said about it. */
export interface HistoryAnswer extends HistoryPage {
  readonly notices: readonly string[];
}

/** One thing that happened on a call. `atMs` counts from its start. */
export type PastCallLine =
  | {
      readonly kind: 'said';
      readonly atMs: number;
      readonly speaker: 'caller' | 'agent';
      readonly text: string;
      readonly cut: boolean;
    }
  | {
      readonly kind: 'tool';
      readonly atMs: number;
      readonly name: string;
      readonly step: 'called' | 'answered' | 'failed';
    }
  | { readonly kind: 'takenOver'; readonly atMs: number };

/** One call with what happened on it. */
export interface PastCallDetail {
  readonly call: PastCall;
  readonly lines: readonly PastCallLine[];
  readonly missing: string | null;
}

/** A call as pages get it: without the handles of its sessions and the data of its tools. */
export function pastCallDetail({ call, entries, missing }: PastCallStory): PastCallDetail {
  const lines = entries.flatMap((entry): PastCallLine[] => {
    const atMs = entry.atMs - call.startedAtMs;
    switch (entry.kind) {
      case 'said':
        return [{ kind: 'said', atMs, speaker: entry.speaker, text: entry.text, cut: entry.cut }];
      case 'toolStarted':
        return [{ kind: 'tool', atMs, name: entry.name, step: 'called' }];
      case 'toolAnswered':
        return [{ kind: 'tool', atMs, name: entry.name, step: 'error' in entry.response ? 'failed' : 'answered' }];
      case 'takenOver':
        return [{ kind: 'takenOver', atMs }];
      default:
        return [];
    }
  });
  return { call, lines, missing };
}
