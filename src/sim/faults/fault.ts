import { z } from 'zod';

// What goes wrong around a call, as data. What the model does wrong stands in its own script.

/** A minute: simulated calls are shorter. */
const ms = z.int().min(0).max(60_000);
const count = z.int().min(1).max(200);

/** Frames on the media socket that nobody can use. */
export const mediaGarbageKinds = [
  'notJson',
  'binary',
  'unknownEvent',
  'wrongStream',
  'numbers',
  'badBase64',
  'outbound',
  'secondStart',
  'wrongMark',
] as const;

/** The ways into the service's side of a call at which the service may fail. `stream`, `model` and `sdk` have several. */
export const brokenDoors = [
  'ask',
  'tell',
  'claimStream',
  'attach',
  'timer',
  'journalSettled',
  'toolSettled',
  'redirected',
  'stream',
  'model',
  'sdk',
] as const;

const faults = {
  /** How long messages take on one link, one way. The numbers that are drawn lie between the two. */
  latency: z.strictObject({
    fault: z.literal('latency'),
    link: z.enum(['webhook', 'media', 'model', 'rest']),
    ms,
    jitterMs: ms.default(0),
  }),
  /** A link holds everything back for a while and then delivers it at once. */
  stall: z.strictObject({
    fault: z.literal('stall'),
    link: z.enum(['mediaIn', 'mediaOut', 'modelIn', 'modelOut']),
    atMs: ms,
    forMs: ms,
  }),
  /** The caller's own connection breaks up: media frames are missing, and their numbers with them (TW-STREAM-4). */
  callerFramesLost: z.strictObject({ fault: z.literal('callerFramesLost'), atMs: ms, forMs: ms }),
  /** Marks do not come back. */
  marksLost: z.strictObject({ fault: z.literal('marksLost'), atMs: ms, forMs: ms }),
  /** Frames on the media socket that nobody can use. */
  mediaGarbage: z.strictObject({
    fault: z.literal('mediaGarbage'),
    atMs: ms,
    kind: z.enum(mediaGarbageKinds),
    count: count.default(1),
  }),
  /** The media socket vanishes (TW-CLOSE-3). */
  streamLost: z.strictObject({ fault: z.literal('streamLost'), atMs: ms }),
  /** The media socket stays open and carries nothing any more, in neither direction. */
  streamZombie: z.strictObject({ fault: z.literal('streamZombie'), atMs: ms }),
  /** So many handshakes of the media socket are refused with 503, as a proxy does; then they work again. */
  streamRefused: z.strictObject({ fault: z.literal('streamRefused'), times: count }),
  /** The next webhook of this purpose arrives late. */
  webhookLate: z.strictObject({
    fault: z.literal('webhookLate'),
    purpose: z.enum(['voice', 'connectAction', 'dialAction', 'callee', 'callStatus']),
    byMs: ms,
  }),
  /** No webhook of this purpose finds a connection. */
  webhookLost: z.strictObject({
    fault: z.literal('webhookLost'),
    purpose: z.enum(['connectAction', 'dialAction', 'callee', 'callStatus']),
  }),
  /** Twilio delivers the voice webhook twice (TW-HOOK-4). */
  voiceTwice: z.strictObject({ fault: z.literal('voiceTwice'), answers: z.enum(['firstAnswerLost', 'bothAnswered']) }),
  /** Twilio still requests the action when the caller has hung up (TW-CLOSE-1). */
  actionAfterHangUp: z.strictObject({ fault: z.literal('actionAfterHangUp') }),
  /** The REST interface refuses every update. */
  restRefused: z.strictObject({ fault: z.literal('restRefused') }),
  /** No connection to the model comes about, all the time or for a while: no server, a refused upgrade, or no answer at all. */
  modelUnreachable: z.strictObject({
    fault: z.literal('modelUnreachable'),
    how: z.enum(['refused', 'never']),
    atMs: ms.optional(),
    forMs: ms.optional(),
  }),
  /** The connections to the model that are open take nothing any more, although nobody closes them. */
  modelChoked: z.strictObject({ fault: z.literal('modelChoked'), atMs: ms }),
  /** The store of the service's records takes this long for each question. */
  storeSlow: z.strictObject({ fault: z.literal('storeSlow'), byMs: ms }),
  /** The store of the service's records fails for a while. */
  storeFails: z.strictObject({ fault: z.literal('storeFails'), atMs: ms, forMs: ms }),
  /** The caller hangs up, whatever the script says. */
  callerHangsUp: z.strictObject({ fault: z.literal('callerHangsUp'), atMs: ms }),
  /** The service shuts down and has waited long enough. */
  drain: z.strictObject({ fault: z.literal('drain'), atMs: ms }),
  /** Twilio gives the media stream up, while its socket stays half open for half a minute (TW-CLOSE-3). */
  streamHalfOpen: z.strictObject({ fault: z.literal('streamHalfOpen'), atMs: ms }),
  /** A media socket as no call has been seen to have it, and as Twilio does not exclude (TW-STREAM-2, TW-STREAM-4, TW-STREAM-8). */
  mediaOdd: z.strictObject({
    fault: z.literal('mediaOdd'),
    version: z.string().default('1.0.0'),
    unknownEvent: z.boolean().default(false),
    payloadBytes: z.array(z.int().min(1).max(8000)).min(1).default([160]),
    formatAsText: z.boolean().default(false),
    answersPings: z.boolean().default(true),
  }),
  /**
   * The service is killed and starts again later, without its memory but for what it has kept elsewhere. `meanwhile`: who answers at its
   * address, namely nobody and at once, nobody and never, or a gateway with 502.
   */
  serviceKilled: z.strictObject({
    fault: z.literal('serviceKilled'),
    atMs: ms,
    downMs: ms,
    meanwhile: z.enum(['refused', 'silent', 'badGateway']).default('refused'),
  }),
  /**
   * The service is restarted as a deploy does it: it leaves its calls to the next one, ends by itself, and another one starts so much later. Meanwhile
   * its port is closed.
   */
  serviceRestarted: z.strictObject({ fault: z.literal('serviceRestarted'), atMs: ms, downMs: ms }),
  /**
   * The process of the service stands still, as one does that is swapped out or suspended, and goes on after a while without knowing it.
   * Another one is there at once, at the same address and with the same records.
   */
  serviceFrozen: z.strictObject({ fault: z.literal('serviceFrozen'), atMs: ms, forMs: ms }),
  /** The service itself fails, by a fault of its own, at the next thing that enters the call by this door. */
  callBroken: z.strictObject({ fault: z.literal('callBroken'), atMs: ms, door: z.enum(brokenDoors) }),
  /** The server that knows the callers takes this long to answer. */
  contextSlow: z.strictObject({ fault: z.literal('contextSlow'), byMs: ms }),
  /** The server that knows the callers cannot be asked, or answers nonsense. */
  contextFails: z.strictObject({
    fault: z.literal('contextFails'),
    how: z.enum(['refused', 'notJson', 'wrongShape', 'never']),
  }),
  /** The service's timers fire late, as those of a busy process do. */
  timersLate: z.strictObject({ fault: z.literal('timersLate'), byMs: ms }),
  /** The same for a while, and the service knows how late it is. It takes no new call when that is too much. */
  processLate: z.strictObject({ fault: z.literal('processLate'), atMs: ms, forMs: ms, byMs: ms }),
} as const;

const kinds = new Map(Object.entries(faults));
const anyFault = z.union(Object.values(faults));

/** One thing that goes wrong. Times are ms since the call was placed. */
export type Fault = z.output<typeof anyFault>;
export type FaultOf<Kind extends Fault['fault']> = Extract<Fault, { fault: Kind }>;

/** Reads one fault by the rules of its own kind, so that a message names the wrong key and not every kind there is. */
export const faultSchema = z.record(z.string(), z.unknown()).transform((value, context): Fault => {
  const schema = typeof value.fault === 'string' ? kinds.get(value.fault) : undefined;
  if (schema === undefined) {
    context.addIssue(`A fault is one of ${[...kinds.keys()].join(', ')}`);
    return z.NEVER;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues) context.addIssue({ code: 'custom', message, path: [...path] });
  return z.NEVER;
});
