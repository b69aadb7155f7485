import type { TimelineMeans } from './timeline-setup.ts';

/** What can be made of a recorded call: the parts of its page (`recordingPieces`), its sound, or its page as a file that needs nothing else. */
export type RecordingForm = 'data' | 'wav' | 'file';

/** One of them, of the call log at this path. */
export interface RecordingJob {
  readonly id: number;
  readonly logPath: string;
  readonly form: RecordingForm;
  readonly means: TimelineMeans;
}

/** What came of a job: the bytes of what was wanted, piece by piece, or why there is nothing, in words. */
export type RecordingReply = { readonly pieces: readonly Uint8Array<ArrayBuffer>[] } | { readonly why: string };

/** A reply and the job that it answers. */
export interface RecordingDone {
  readonly id: number;
  readonly reply: RecordingReply;
}
