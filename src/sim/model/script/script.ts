import { z } from 'zod';
import { problemsText, readForm } from '../../scenario/read-form.ts';
import { clipsOf, closeSchema, durationMs, instantStepSchema, turnSchema } from './turn.ts';
import { callerSoundKind, turnTakingSchema } from './turn-taking.ts';
import { turnDefectSchema } from './turn-defect.ts';

// What the simulated model says and does, as data: a script can stand in a JSON file, and every fault is a part of it (GM-FAULT-1).

/** What a script says about a session. Any of it can be said of one session alone, in `sessions`. */
const fields = {
  /** Turn 0 answers the greeting, then one turn for each completed turn of the caller. */
  turns: z.array(turnSchema),
  /** Begin again with turn 1 when all are used. Otherwise the model stays silent. */
  repeat: z.boolean(),
  /** A session that resumes no other begins with this turn. */
  firstTurn: z.int().min(0),
  /** What the model says to a text that holds `to`, instead of the next turn; the first that fits counts. */
  replies: z.array(z.strictObject({ to: z.string().min(1), turn: turnSchema })),
  /** What goes wrong with which turn of a session. */
  defects: z.array(turnDefectSchema),
  /** What becomes of the connection: an HTTP status refuses it, `never` leaves it without an answer (GM-FAULT-1). */
  upgrade: z.union([
    z.literal('accept'),
    z.literal('never'),
    z.literal(401),
    z.literal(403),
    z.literal(429),
    z.literal(503),
  ]),
  /** From the setup to setupComplete; `never` leaves the setup without an answer. */
  setupMs: z.union([durationMs, z.literal('never')]),
  /** The setup is refused instead, as that of an empty account is. */
  refuseSetup: closeSchema.nullable(),
  /** Models that the service does not know, as they stand in a setup: 1008 (GM-CLOSE-1). */
  missingModels: z.array(z.string()),
  /** Fields of the setup that the service does not know, as paths such as `inputAudioTranscription.languageCodes` (GM-SETUP-2). */
  unknownFields: z.array(z.string().min(1)),
  /** Every handle is refused so (GM-RESUME-1). */
  refuseHandle: closeSchema.nullable(),
  /** How a handle is refused that is unknown, used or too old; 1007 and 1008 were seen (GM-RESUME-2). */
  deadHandle: closeSchema,
  /** How long a handle is good after the end of its connection (GM-RESUME-2). */
  handleMs: durationMs,
  latencyMs: durationMs,
  /** What the caller said decides how soon it is answered, as it was measured (GM-VAD-7), unless the turn has a latency of its own. */
  answersByPhrase: z.boolean(),
  /** Sending speed as a multiple of real time (GM-AUDIO-2). */
  speed: z.number().positive(),
  /** Audio in a message; null is 200 ms in the first and 240 ms in the others (GM-AUDIO-2). */
  messageMs: z.int().min(20).max(1000).nullable(),
  /** Where a reply's words come against its audio (GM-TURN-3). */
  transcripts: z.enum(['withAudio', 'ahead', 'behind']),
  /** From the end of the caller's turn to the last fragment of what was heard. */
  heardMs: durationMs,
  /** What follows an interruption (GM-TURN-2). */
  interruption: z.enum(['thenTurnComplete', 'alone', 'afterTurnComplete']),
  /** `interrupted` also comes when the caller speaks before the model has said anything (GM-TURN-2). */
  interruptsThinking: z.boolean(),
  /** Audio messages of the interrupted turn that still arrive after `interrupted`. */
  lateMessages: z.int().min(0),
  /** Two audio parts a message, and tool calls and generationComplete in the same message as the audio before them (GM-FRAME-2). */
  bundled: z.boolean(),
  /** Where `interactionStatus` stands in a message (GM-TURN-1). */
  interactionStatus: z.enum(['inside', 'beside']),
  /** Speech shorter than this is not noticed. */
  deafToMs: durationMs,
  /** A pause of this length ends the caller's turn, whatever the setup says; null keeps to the setup (GM-VAD-3). */
  pauseMsMax: durationMs.nullable(),
  /** How the model takes turns while it speaks: a profile, or its figures (GM-TURN-5). Null stops for whatever is loud. */
  turnTaking: turnTakingSchema.nullable(),
  /** What the caller's clips are to a listener, by name; one that is not named is speech. Only of use where the host tells what is said. */
  sounds: z.record(z.string(), callerSoundKind),
  /** Chances of `turnTaking` are drawn with it. */
  seed: z.int(),
  /** What `activityStart` does while the model generates; null is the model's own way (GM-VAD-7). */
  activityStart: z.enum(['interrupts', 'isIgnored']).nullable(),
  /**
   * What it does behind generationComplete, while the voice is still played (GM-VAD-7): it interrupts at once; the end of the old turn is
   * told late, behind the end of the new one; or that, and the new turn gets no answer.
   */
  activityBehindGeneration: z.enum(['interrupts', 'tellsLate', 'swallows']),
  /** Audio outside of a turn that the client marks: dropped, or refused as one client saw it (GM-AUDIO-3). */
  audioOutsideActivity: z.enum(['dropped', 'refused']),
  /** With less speech than this in a turn that the client marks, the model makes up what was said (GM-VAD-7). */
  inventsBelowMs: durationMs,
  /** How often a call is made again when its answer is empty; null is the model's own way (GM-TOOL-7). */
  repeatedCalls: z.int().min(0).max(5).nullable(),
  /** Life of the connection; it ends with `deadlineExpired` (GM-GOAWAY-1). */
  lifeMs: durationMs,
  /** How long before that goAway announces it; null ends it without a word. */
  goAwayMs: durationMs.nullable(),
  /** Life of a session without compression, over all its connections; it ends with `aborted` (GM-LIMIT-1). */
  uncompressedMs: durationMs,
  /** The same for one that is shown pictures. */
  picturedMs: durationMs,
  /** Tokens that a prompt can hold; without compression the session ends with `contextExceeded` above it (GM-LIMIT-1). */
  windowTokens: z.int().min(1),
  /** Without any message of the client for so long, the session ends with `idle`; null never ends it (GM-LIMIT-1). */
  idleMs: durationMs.nullable(),
  /** How late a ping is answered (GM-PING-1). */
  pongMs: durationMs,
  /** What happens at a time of its own, counted from setupComplete. */
  timed: z.array(z.strictObject({ atMs: durationMs, step: instantStepSchema })),
};

const session = z.strictObject(fields);
const sessionPart = session.partial();
const script = sessionPart.extend({
  turns: fields.turns,
  /** What is different in the first, second, … connection to the service. Later ones are as the script says. */
  sessions: z.array(sessionPart).default([]),
});

/** What one session of the service says and does, all defaults filled in. */
export type SessionScript = z.output<typeof session>;
export type Script = SessionScript & Pick<z.output<typeof script>, 'sessions'>;
/** A script as it is written, defaults left out. */
export type ScriptInput = z.input<typeof script>;

const defaults: Omit<SessionScript, 'turns'> = {
  repeat: false,
  firstTurn: 0,
  replies: [],
  defects: [],
  upgrade: 'accept',
  setupMs: 300,
  refuseSetup: null,
  missingModels: [],
  unknownFields: [],
  refuseHandle: null,
  deadHandle: { code: 1008, reason: 'BidiGenerateContent session not found' },
  handleMs: 2 * 3_600_000,
  latencyMs: 900,
  answersByPhrase: false,
  speed: 4,
  messageMs: null,
  transcripts: 'withAudio',
  heardMs: 400,
  interruption: 'thenTurnComplete',
  interruptsThinking: false,
  lateMessages: 0,
  bundled: false,
  interactionStatus: 'inside',
  deafToMs: 0,
  pauseMsMax: null,
  turnTaking: null,
  sounds: {},
  seed: 0,
  activityStart: null,
  activityBehindGeneration: 'interrupts',
  audioOutsideActivity: 'dropped',
  inventsBelowMs: 100,
  repeatedCalls: null,
  lifeMs: 58 * 60_000,
  goAwayMs: null,
  uncompressedMs: 15 * 60_000,
  picturedMs: 2 * 60_000,
  windowTokens: 131_072,
  idleMs: null,
  pongMs: 0,
  timed: [],
};

/** A script that cannot be used; the message names every faulty place. */
class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/**
 * Reads a script and fills in its defaults. Throws a ScriptError that names unknown keys and wrong values with their paths, below `place`
 * if the script is a part of a file.
 */
export function parseScript(value: unknown, clipNames: readonly string[], place: string | null = null): Script {
  const read = readForm(script, value);
  if ('problems' in read) throw new ScriptError(problemsText(read.problems, place));
  const { sessions, ...common } = read.value;
  const missing = [common, ...sessions]
    .flatMap(({ turns = [], replies = [] }) => [...turns, ...replies.map(({ turn }) => turn)])
    .flatMap(({ steps }) => clipsOf(steps))
    .filter((name) => !clipNames.includes(name));
  if (missing.length > 0) throw new ScriptError(`No such clip: ${missing.join(', ')}`);
  return { ...session.parse({ ...defaults, ...given(common) }), sessions };
}

/** What the script says about the connection with this number, counted from 1. */
export function sessionScript({ sessions, ...common }: Script, number: number): SessionScript {
  const own = sessions[number - 1];
  return own === undefined ? common : session.parse({ ...common, ...given(own) });
}

function given(part: object): object {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}
