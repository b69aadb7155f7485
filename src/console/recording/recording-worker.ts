import { parentPort } from 'node:worker_threads';
import { callWav } from '../../audio/call-wav.ts';
import { ParleyError } from '../../errors.ts';
import { buildTimeline } from '../../calllog/timeline/build-timeline.ts';
import { withLogFile } from '../../calllog/timeline/log-file.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { callFile } from './call-file.ts';
import { recordingPieces } from './envelope.ts';
import { readPageParts } from './page-parts.ts';
import type { RecordingDone, RecordingJob, RecordingReply } from './recording-job.ts';
import { timelineSetup } from './timeline-setup.ts';

parentPort?.on('message', (job: RecordingJob) => {
  const done: RecordingDone = { id: job.id, reply: replyTo(job) };
  const buffers = 'pieces' in done.reply ? done.reply.pieces.map(({ buffer }) => buffer) : [];
  parentPort?.postMessage(done, buffers);
});

function replyTo({ logPath, form, means }: RecordingJob): RecordingReply {
  try {
    const setup = timelineSetup(means);
    const call = withLogFile(logPath, (log) => buildTimeline(log, setup));
    if (form === 'data') return { pieces: recordingPieces(call) };
    const { caller, heard } = call.sound;
    if (form === 'wav') return { pieces: [ownBytes(callWav({ said: caller, heard }, mulawCodec))] };
    return { pieces: [ownBytes(new TextEncoder().encode(callFile(call, readPageParts())))] };
  } catch (error) {
    // The words of our own errors are made for people. Those of others may quote the call.
    return { why: error instanceof ParleyError ? error.message : 'Parley failed to read the recording.' };
  }
}

/** Bytes in memory that nothing else lies in, so that it can be handed over. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
