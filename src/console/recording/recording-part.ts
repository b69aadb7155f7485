import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { ParleyError } from '../../errors.ts';
import type { CallHistory } from '../../store/history/call-history.ts';
import type { Logger } from '../../system/logger.ts';
import type { ConsolePart } from '../door/console-part.ts';
import { logLook, viewerOf } from '../door/viewer.ts';
import { passOn, unreachable } from '../joined/ask-pages.ts';
import { type PastCallDetail, pastCallDetail } from '../history/history-answer.ts';
import { findLogs, logNameOf } from './find-logs.ts';
import { type CallHead, envelope } from './envelope.ts';
import type { RecordingForm, RecordingReply } from './recording-job.ts';
import { type PartPlace, pathThere, toldPart } from './part-place.ts';
import { RecordingThread } from './recording-thread.ts';
import type { TimelineMeans } from './timeline-setup.ts';

/** An hour of sound is 86 MB. Whoever takes longer than this for it does not read. */
const sendMsMax = 300_000;

/** How long another process may take to read a recording, the wait for others included. */
const elsewhereMsMax = 150_000;

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
  /** Null when no journal is kept. */
  readonly history: Pick<CallHistory, 'find'> | null;
  /** Where a part of a recording is, by its number from 1. `here`: the names of the logs that are. Null where all are. */
  readonly placeOf: ((callSid: string, number: number, here: readonly string[]) => Promise<PartPlace | null>) | null;
  readonly log: Logger;
}

type CallRequest = Request<{ callSid: string }>;

/** The page of one call, its data, and what can be taken along of it. */
export function recordingPart(means: RecordingMeans): ConsolePart {
  const answers = new RecordingAnswers(means);
  return {
    page: { path: '/call/:callSid', title: 'Call', folder: 'call', below: '/history' },
    routes: (router) => {
      router.get('/api/calls/:callSid/recording', async (req, res) => answers.sendData(req, res));
      router.get('/api/calls/:callSid/recording.wav', async (req, res) => answers.sendFile(req, res, 'wav'));
      router.get('/api/calls/:callSid/recording.html', async (req, res) => answers.sendFile(req, res, 'file'));
    },
    stop: () => answers.stop(),
  };
}

/** A log, or why there is none. */
interface FoundLog {
  readonly path: string | null;
  readonly part: CallHead['part'];
  /** Another process has it, and cannot be reached. */
  readonly isAway: boolean;
  readonly whyNone: string;
}

class RecordingAnswers {
  readonly #means: RecordingMeans;
  readonly #thread = new RecordingThread();
  #sending = 0;

  constructor(means: RecordingMeans) {
    this.#means = means;
  }

  /** Sends all that is known of a call, from its recording and from the journal. */
  async sendData(req: CallRequest, res: Response): Promise<void> {
    const { callSid } = req.params;
    const { path, part, whyNone } = await this.#find(req, res);
    if (res.headersSent) return;
    const { known, whyUnknown } = await this.#lookUp(callSid);
    if (path === null && known === null) return void res.status(404).json({ error: `${whyNone} ${whyUnknown}` });
    // Not before: what names no call may be anything, such as somebody's number.
    logLook(this.#means.log, viewerOf(req), 'call', callSid);
    await this.#send(res, 'data', callSid, async () => {
      const reply = path === null ? { why: whyNone } : await this.#make(path, 'data', known);
      const isRead = 'pieces' in reply;
      const head = { known, noRecording: isRead ? null : reply.why, part };
      return { pieces: envelope(head, isRead ? reply.pieces : []) };
    });
  }

  /** Sends what can be kept of a recording. */
  async sendFile(req: CallRequest, res: Response, form: 'wav' | 'file'): Promise<void> {
    const { callSid } = req.params;
    const { path, isAway, whyNone } = await this.#find(req, res);
    if (res.headersSent) return;
    if (path === null) return void res.status(isAway ? 503 : 404).json({ error: whyNone });
    const { known } = await this.#lookUp(callSid);
    logLook(this.#means.log, viewerOf(req), `recording as ${form}`, callSid);
    await this.#send(res, form, callSid, async () => this.#make(path, form, known));
  }

  stop(): void {
    this.#thread.stop();
  }

  /** What the journal knows, and in case that it is nothing, why. */
  async #lookUp(callSid: string): Promise<{ readonly known: PastCallDetail | null; readonly whyUnknown: string }> {
    const { history } = this.#means;
    if (history === null) return { known: null, whyUnknown: 'No journal is kept either, because JOURNAL_FILE is off.' };
    try {
      const story = await history.find(callSid);
      return {
        known: story === null ? null : pastCallDetail(story),
        whyUnknown: 'The journal does not know this call either.',
      };
    } catch (error) {
      return { known: null, whyUnknown: error instanceof ParleyError ? error.message : 'The journal cannot be read.' };
    }
  }

  /** The log that is asked for, the first one unless a part is named. One that another process has is sent from there, if that can be. */
  async #find(req: CallRequest, res: Response): Promise<FoundLog> {
    const { placeOf, recordDir } = this.#means;
    const { callSid } = req.params;
    const { isOfFleet } = viewerOf(req);
    const logs = recordDir === null ? [] : await findLogs(recordDir, callSid);
    const wanted = Number(req.query['part'] ?? 1) || 1;
    const place = isOfFleet || placeOf === null ? null : await placeOf(callSid, wanted, logs.map(logNameOf));
    if (place !== null && place.elsewhere !== null) {
      const { by, pages } = place.elsewhere;
      if (pages !== null) {
        const there = { path: pathThere(req.path, place), answerMsMax: elsewhereMsMax };
        const status = await passOn(req, res, pages, there);
        if (status === 200) logLook(this.#means.log, viewerOf(req), 'call', callSid);
      }
      return { path: null, part: place.part, isAway: true, whyNone: unreachable(by, 'recording') };
    }
    const number = Math.min(wanted, logs.length);
    const name = isOfFleet ? req.query['log'] : place?.log;
    const path = name === undefined ? logs[number - 1] : logs.find((log) => logNameOf(log) === name);
    const part = place?.part ?? (isOfFleet ? toldPart(req.query) : null) ?? { number, count: logs.length, by: null };
    return { path: path ?? null, part, isAway: false, whyNone: whyNoneIn(recordDir) };
  }

  /** For a log that names no model, that of the journal, unless it knows nothing of the call. */
  async #make(path: string, form: RecordingForm, known: PastCallDetail | null): Promise<RecordingReply> {
    const { prices, fillerPhraseFile } = this.#means;
    const model = known?.call.agent ?? this.#means.model;
    return this.#thread.make(path, form, { prices, model, fillerPhraseFile });
  }

  async #send(res: Response, form: RecordingForm, name: string, make: () => Promise<RecordingReply>): Promise<void> {
    if (this.#sending >= answersMax)
      return void res.status(503).json({ error: 'Others are reading recordings already. Try again in a moment.' });
    this.#sending += 1;
    try {
      const reply = await make();
      if ('why' in reply) return void res.status(422).json({ error: reply.why });
      const bytes = reply.pieces.reduce((sum, { length }) => sum + length, 0);
      res.set({ ...headersOf[form](name), 'content-length': String(bytes) });
      const signal = AbortSignal.timeout(sendMsMax);
      // A viewer that has gone is no fault of ours.
      await pipeline(Readable.from(reply.pieces), res, { signal }).catch(() => res.destroy());
    } finally {
      this.#sending -= 1;
    }
  }
}

function whyNoneIn(recordDir: string | null): string {
  return recordDir === null
    ? 'Calls are not recorded. Set RECORD_DIR to a folder to keep the sound of further calls.'
    : 'There is no recording of this call in RECORD_DIR.';
}
