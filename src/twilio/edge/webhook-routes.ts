import { type NextFunction, type Request, type Response, Router, urlencoded } from 'express';
import type { WebhookAnswer, Webhooks } from '../../host/webhooks.ts';
import type { Refusals } from '../../system/refusals.ts';
import { addressee, paths } from '../paths.ts';
import { refusedSignature } from './refused-signature.ts';
import { isSignedWebhook, type SigningKeys } from './signature.ts';

/** What the routes are made of. */
export interface WebhookContext {
  readonly webhooks: Pick<Webhooks, 'take'>;
  /** The address that Twilio calls; `https:`, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly keys: SigningKeys;
  readonly refusals: Refusals;
}

/** Twilio's forms have some forty fields of some hundred characters, and are not compressed. The signature covers what stands in them. */
const formLimits = { limit: '64kb', parameterLimit: 200, inflate: false };

/** Reads Twilio's forms. */
export const readForms = urlencoded({ extended: false, ...formLimits });

/** A name that Twilio could have given a field. Whoever forges a form may write anything there, such as somebody's number. */
const fieldName = /^[a-z][\w-]{0,39}$/i;

/** More than Twilio sends. */
const fieldsLoggedMax = 50;

/** Twilio's webhooks over HTTP: their bodies are read, their signatures checked, and they are handed on. */
export function webhookRoutes(context: WebhookContext): Router {
  const { media: _, ...webhookPaths } = paths;
  const router = Router();
  // Checked for these paths only: a scanner that tries others forges no webhook.
  router.use(Object.values(paths), readForms, checkSignature(context));
  for (const path of Object.values(webhookPaths)) {
    router.post(path, (req, res) => {
      const { instance } = addressee(req.originalUrl);
      context.webhooks.take({ path, instance, query: req.query, form: req.body }, (answer) => send(res, answer));
    });
  }
  // A number may be set to GET. Without signatures it is not taken: any web page could make a browser on this machine ask.
  if (context.keys.authTokens.length > 0) {
    router.get(paths.voice, (req, res) => {
      context.webhooks.take({ path: paths.voice, query: {}, form: req.query }, (answer) => send(res, answer));
    });
  }
  return router;
}

function checkSignature({ keys, publicUrl, refusals }: WebhookContext) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const { headers, body } = req;
    const signedUrl = publicUrl() + req.originalUrl;
    if (keys.authTokens.length === 0 || isSignedWebhook(keys, headers, signedUrl, body)) return next();
    // Without the query, which may hold phone numbers: a number that is configured for GET puts the whole form into it.
    const url = publicUrl() + req.baseUrl;
    // The names help to find a proxy that drops some.
    const fields = Object.keys(Object(body)).filter((name) => fieldName.test(name));
    refusals.add(
      'webhookRefused',
      { fault: 'webhook.signatureInvalid', url, fields: fields.slice(0, fieldsLoggedMax) },
      () => refusedSignature(keys, headers, signedUrl, body),
    );
    res.status(403).type('text/plain').send('The signature does not fit.');
  };
}

function send(res: Response, answer: WebhookAnswer): void {
  switch (answer.status) {
    case 200:
      return void res.type('text/xml').send(answer.twiml);
    case 204:
      return void res.status(204).end();
    case 400:
    case 500:
      return void res.status(answer.status).type('text/plain').send(answer.why);
  }
}
