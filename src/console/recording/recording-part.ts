import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Logger } from '../../system/logger.ts';
import type { ConsolePart } from '../door/console-part.ts';
import { logLook, viewerOf } from '../door/viewer.ts';
import { findLogs } from './find-logs.ts';
import type { RecordingForm } from './recording-job.ts';
import { RecordingThread } from './recording-thread.ts';
import type { TimelineMeans } from './timeline-setup.ts';

/** An hour of sound is 86 MB. Whoever takes longer than this for it does not read. */
const sendMsMax = 300_000;

/** Each answer holds the sound of a call in memory until it is read. */
const answersMax = 4;

const headersOf: { readonly [Form in RecordingForm]: (name: string) => Readonly<Record<string, string>> } = {
  data: () => ({ 'content-type': 'application/octet-stream' }),
  wav: (name) => ({ 'content-type': 'audio/wav', 'content-disposition': `attachment; filename="${name}.wav"` }),
  file: (name) => ({ 'content-type': 'text/html', 'content-disposition': `attachment; filename="${name}.html"` }),
};

/** What the pages of single calls are made of. */
export interface RecordingMeans extends TimelineMeans {
  /** RECORD_DIR; null when calls are not recorded. */
  readonly recordDir: string | null;
  readonly log: Logger;
}

/** The page of one call, its data, and what can be taken along of it. */
export function recordingPart(means: RecordingMeans): ConsolePart {
  const answers = new RecordingAnswers(means);
  return {
    page: { path: '/call/:callSid', title: 'Call', folder: 'call', isUnlisted: true },
    routes: (router) => {
      router.get('/api/calls/:callSid/recording', async (req, res) => answers.send(req, res, 'data'));
      router.get('/api/calls/:callSid/recording.wav', async (req, res) => answers.send(req, res, 'wav'));
      router.get('/api/calls/:callSid/recording.html', async (req, res) => answers.send(req, res, 'file'));
    },
    stop: () => answers.stop(),
  };
}

class RecordingAnswers {
  readonly #means: RecordingMeans;
  readonly #thread = new RecordingThread();
  #sending = 0;

  constructor(means: RecordingMeans) {
    this.#means = means;
  }

  async send(req: Request<{ callSid: string }>, res: Response, form: RecordingForm): Promise<void> {
    const { recordDir, log, prices, model, fillerPhraseFile } = this.#means;
    const { callSid } = req.params;
    const logs = recordDir === null ? [] : await findLogs(recordDir, callSid);
    const part = Math.min(Number(req.query.part ?? 1) || 1, logs.length);
    const path = logs[part - 1];
    if (path === undefined) return void res.status(404).json({ error: whyNone(recordDir) });
    if (this.#sending >= answersMax)
      return void res.status(503).json({ error: 'Others are reading recordings already. Try again in a moment.' });
    this.#sending += 1;
    try {
      logLook(log, viewerOf(req), `recording, as ${form}`, callSid);
      const reply = await this.#thread.make(path, form, { prices, model, fillerPhraseFile });
      if ('why' in reply) return void res.status(422).json({ error: reply.why });
      const bytes = reply.pieces.reduce((sum, { length }) => sum + length, 0);
      res.set({
        ...headersOf[form](callSid),
        'content-length': String(bytes),
        'x-log-parts': `${part}/${logs.length}`,
      });
      const signal = AbortSignal.timeout(sendMsMax);
      // A viewer that has gone is no fault of ours.
      await pipeline(Readable.from(reply.pieces), res, { signal }).catch(() => res.destroy());
    } finally {
      this.#sending -= 1;
    }
  }

  stop(): void {
    this.#thread.stop();
  }
}

function whyNone(recordDir: string | null): string {
  return recordDir === null
    ? 'Calls are not recorded. Set RECORD_DIR to a folder to keep the sound of further calls.'
    : 'There is no recording of this call in RECORD_DIR.';
}
