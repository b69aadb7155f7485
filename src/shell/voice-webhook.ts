import { type NextFunction, type Request, type Response, Router, urlencoded } from 'express';
import type { CallSettings } from '../core/call-settings.ts';
import type { CallDocument } from '../core/effects.ts';
import { exitDocument } from '../core/exit-document.ts';
import { ParleyError } from '../errors.ts';
import { rejectBusy } from '../wire/twiml.ts';
import { parseConnectEnded, parseDialEnded, parseIncomingCall, parseStatusCallback } from '../wire/twilio-forms.ts';
import type { CallHost } from './call-host.ts';
import type { CallRegistry } from './call-registry.ts';
import type { Logger } from './logger.ts';
import { paths } from './paths.ts';
import { isSignedWebhook } from './twilio-signature.ts';

/** What the webhooks need to know. */
export interface WebhookContext {
  readonly registry: CallRegistry;
  readonly settings: CallSettings;
  readonly openCall: (callSid: string) => CallHost;
  readonly render: (document: CallDocument) => string;
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

/** The webhooks of Twilio. Each is answered within milliseconds: nothing here waits for anybody. */
export function voiceWebhooks(context: WebhookContext): Router {
  const { registry, settings, log } = context;
  const router = Router();
  // Only here: a scanner that tries other paths is no forger of webhooks.
  router.use(Object.values(paths), urlencoded({ extended: false, limit: formBytesMax }), checkSignature(context));

  router.post(paths.voice, (req, res) => {
    const { callSid, from, to, callStatus } = parseIncomingCall(req.body);
    const known = registry.find(callSid);
    if (known === null && !registry.hasRoom) {
      log.warn({ callSid, liveCalls: registry.liveCount, draining: registry.isDraining }, 'callRefused');
      return sendTwiml(res, refusal(context));
    }
    if (known === null) log.info({ callSid, callStatus, pii: { from, to } }, 'callReceived');
    sendTwiml(res, (known ?? context.openCall(callSid)).ask({ type: 'call.received' }));
  });

  router.post(paths.streamEnded, (req, res) => {
    const { callSid, fact } = parseConnectEnded(req.body);
    const host = registry.find(callSid);
    if (host !== null) return sendTwiml(res, host.ask(fact));
    // A call of another process, or one that we forgot: its caller must not be left in silence.
    log.warn({ callSid }, 'callUnknown');
    sendTwiml(res, context.render(fact.callOver ? { kind: 'nothing' } : exitDocument({ kind: 'fallback' }, settings)));
  });

  router.post(paths.dialEnded, (req, res) => {
    const { callSid, fact } = parseDialEnded(req.body);
    const host = registry.find(callSid);
    if (host !== null) return sendTwiml(res, host.ask(fact));
    // The leg of a caller for whom there was no room, or of a call that we forgot.
    const say = fact.outcome === 'connected' ? null : settings.apology;
    sendTwiml(res, context.render({ kind: 'hangUp', say }));
  });

  router.post(paths.status, (req, res) => {
    const news = parseStatusCallback(req.body);
    if (news !== null) registry.find(news.callSid)?.tell(news.fact);
    res.status(204).end();
  });

  router.use(badForm(log));
  return router;
}

/** What a caller gets for whom there is no room: a human, or the busy tone. */
function refusal({ settings, render }: WebhookContext): string {
  return settings.fallbackDestination === null
    ? rejectBusy()
    : render({ kind: 'dial', number: settings.fallbackDestination, say: null });
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
