import { type NextFunction, type Request, type Response, Router, urlencoded } from 'express';
import type { CallSettings } from '../../call/call-settings.ts';
import type { CallDocument } from '../../call/effects.ts';
import type { CallQuestion } from '../../call/events.ts';
import { exitDocument, orphanDocument } from '../../call/phone/exit-document.ts';
import { ParleyError } from '../../errors.ts';
import { rejectBusy } from '../twiml.ts';
import {
  type CallNews,
  parseConnectEnded,
  parseDialEnded,
  parseIncomingCall,
  parseRecordEnded,
  parseRecordingStatus,
  parseStatusCallback,
} from '../forms.ts';
import type { CallDesk } from '../../host/call-desk.ts';
import type { CallRegistry } from '../../host/call-registry.ts';
import type { Logger } from '../../system/logger.ts';
import { paths } from '../paths.ts';
import { isSignedWebhook } from './signature.ts';

/** What the webhooks need to know. */
export interface WebhookContext {
  readonly registry: CallRegistry;
  readonly settings: CallSettings;
  readonly desk: CallDesk;
  readonly render: (document: CallDocument) => string;
  /** Writes the TwiML with which the next process is asked what comes after a stream. */
  readonly askNext: (stream: number | null) => string;
  /** The address that Twilio calls; `https:`, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Null: signatures are not checked. */
  readonly authToken: string | null;
  readonly log: Logger;
}

/** Twilio's forms have some forty fields of some hundred characters. */
const formBytesMax = '64kb';

/** More than Twilio sends. */
const fieldsLoggedMax = 50;

/** The webhooks of Twilio. Each is answered within milliseconds; only a call that this process does not know waits for the journal, in bounds. */
export function voiceWebhooks(context: WebhookContext): Router {
  const { registry, log } = context;
  const router = Router();
  // Only here: a scanner that tries other paths is no forger of webhooks.
  router.use(Object.values(paths), urlencoded({ extended: false, limit: formBytesMax }), checkSignature(context));

  router.post(paths.voice, (req, res, next) => {
    void settle(receive(context, res, parseIncomingCall(req.body)), next);
  });

  router.post(paths.streamEnded, (req, res, next) => {
    void settle(answer(context, res, parseConnectEnded(req.body, req.query.stream)), next);
  });
  router.post(paths.dialEnded, (req, res, next) => {
    void settle(answer(context, res, parseDialEnded(req.body)), next);
  });
  router.post(paths.voicemailEnded, (req, res, next) => {
    void settle(answer(context, res, parseRecordEnded(req.body)), next);
  });

  router.post(paths.status, (req, res, next) => {
    const news = parseStatusCallback(req.body);
    res.status(204).end();
    if (news !== null) void settle(tell(context, news), next);
  });

  router.post(paths.recording, (req, res) => {
    const news = parseRecordingStatus(req.body);
    if (news !== null) {
      logRecording(news, log);
      registry.find(news.callSid)?.tell(news.fact);
    }
    res.status(204).end();
  });

  router.use(badForm(log));
  return router;
}

/** What fails behind a wait goes to the error handler, as what fails before it does. */
async function settle(answering: Promise<void>, next: NextFunction): Promise<void> {
  try {
    await answering;
  } catch (error) {
    next(error);
  }
}

/** A call comes in. It is on record before Twilio hears of it, so that a process that dies just then leaves nobody unknown. */
async function receive(
  context: WebhookContext,
  res: Response,
  { callSid, from, to, callStatus }: ReturnType<typeof parseIncomingCall>,
): Promise<void> {
  const { registry, desk, log } = context;
  const elsewhere = sentOn(context, callSid, { type: 'call.received' });
  if (elsewhere !== null) return sendTwiml(res, elsewhere);
  const known = registry.find(callSid) ?? (await desk.pending(callSid));
  if (known === null && !registry.hasRoom) {
    log.warn({ callSid, liveCalls: registry.liveCount, draining: registry.isDraining }, 'callRefused');
    return sendTwiml(res, refusal(context));
  }
  if (known === null) log.info({ callSid, callStatus, pii: { from, to } }, 'callReceived');
  const twiml = (known ?? desk.open(callSid, { from, to })).ask({ type: 'call.received' });
  await desk.recorded(callSid);
  sendTwiml(res, twiml);
}

/** What a caller gets for whom there is no room: a human, the voicemail, or the busy tone. */
function refusal({ settings, render }: WebhookContext): string {
  const { number, voicemail } = settings.fallback;
  if (number !== null) return render({ kind: 'dial', number, say: null });
  return voicemail === null ? rejectBusy() : render(exitDocument({ kind: 'voicemail' }, settings));
}

/** The call may be one of a process that is gone: then it goes on here. */
async function answer(
  context: WebhookContext,
  res: Response,
  { callSid, fact }: { readonly callSid: string; readonly fact: CallQuestion },
): Promise<void> {
  const { registry, desk, settings, render, log } = context;
  const elsewhere = sentOn(context, callSid, fact);
  if (elsewhere !== null) return sendTwiml(res, elsewhere);
  const host = registry.find(callSid) ?? (await desk.takeOver(callSid));
  if (host !== null) return sendTwiml(res, host.ask(fact));
  // One that is over, that the journal does not know, or for which there was no room.
  log.warn({ callSid, question: fact.type }, 'callUnknown');
  sendTwiml(res, render(orphanDocument(fact, settings)));
}

/**
 * The answer about a call that the next process is to go on with; null about all others. While this process releases its calls, that is
 * also one of a process that is gone. Of one that is over, the end can be noted here as well.
 */
function sentOn({ registry, askNext }: WebhookContext, callSid: string, fact: CallQuestion): string | null {
  registry.asked(callSid);
  const isOver = 'callOver' in fact && fact.callOver;
  const isUnknown = fact.type === 'connect.ended' && registry.find(callSid) === null;
  if (isOver || !(registry.isReleased(callSid) || (registry.isReleasing && isUnknown))) return null;
  return askNext(fact.type === 'connect.ended' ? fact.stream : null);
}

/** The record of a call whose process is gone gets its end, too. */
async function tell({ registry, desk }: WebhookContext, { callSid, fact }: CallNews<'call.completed'>): Promise<void> {
  const host = registry.find(callSid) ?? (await desk.takeOver(callSid));
  host?.tell(fact);
}

/** Here and not by the call, which Twilio has often outlived when a message is stored. */
function logRecording({ callSid, fact }: CallNews<'recording.stored'>, log: Logger): void {
  const { status, durationMs, recordingSid, url } = fact;
  const fields = { callSid, status, seconds: durationMs / 1000, pii: { recordingSid, url } };
  if (status === 'completed') log.info(fields, 'voicemailStored');
  else log.warn(fields, 'voicemailMissing');
}

function checkSignature({ authToken, publicUrl, log }: WebhookContext) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const signature = req.header('X-Twilio-Signature') ?? '';
    const signedUrl = publicUrl() + req.originalUrl;
    if (authToken === null || isSignedWebhook(authToken, signature, signedUrl, req.body)) return next();
    // A query may hold phone numbers: a number that is configured for GET puts the whole form into it.
    const [url] = signedUrl.split('?');
    // The names help to find a proxy that drops some; whoever forges a form does not get to fill the log.
    const fields = Object.keys(Object(req.body)).slice(0, fieldsLoggedMax);
    log.warn({ fault: 'webhook.signatureInvalid', url, fields }, 'webhookRefused');
    res.status(403).type('text/plain').send('The signature does not fit.');
  };
}

function badForm(log: Logger) {
  return (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    if (!(error instanceof ParleyError)) return next(error);
    log.warn({ fault: error.code, path: req.path, why: error.message }, 'webhookRefused');
    res.status(400).type('text/plain').send(error.message);
  };
}

function sendTwiml(res: Response, twiml: string): void {
  res.type('text/xml').send(twiml);
}
