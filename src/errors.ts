import { callerNotices, modelErrors } from './model-errors.ts';
import { toolErrors } from './tool-errors.ts';

/** Whose fault an error is: it decides who has to act. */
export type FaultParty = 'admin' | 'carrier' | 'model' | 'tool' | 'parley';

interface ErrorEntry {
  readonly fault: FaultParty;
  /** What went wrong, for the log. */
  readonly what: string;
  /** What the caller hears or notices. */
  readonly caller: string;
  /** What the operator does. */
  readonly remedy: string;
}

const freshStream = 'A short pause, if it was a call: it gets a fresh stream. If that goes on, the fallback.';
/** Every error that Parley can name. `docs/errors.md` holds the same table, and a test keeps them equal. */
export const errors = {
  'config.invalid': {
    fault: 'admin',
    what: 'Settings are missing or wrong, or a line of .env cannot be read as it was meant.',
    caller: 'The number does not answer: the service did not start.',
    remedy: 'Correct the variables and lines that the message names: it names all of them at once.',
  },
  'agents.fileInvalid': {
    fault: 'admin',
    what: 'The agents file, or one that it names, is missing or wrong.',
    caller: 'At the start: the number does not answer. Later: nothing, calls go on with the agents as they were.',
    remedy: 'Correct the lines that the message names: it names all of them at once.',
  },
  'http.portTaken': {
    fault: 'admin',
    what: 'The address to listen on is taken or not allowed.',
    caller: 'The number does not answer: the service did not start.',
    remedy: 'Stop the other program, or set PORT and HOST.',
  },
  'instance.taken': {
    fault: 'admin',
    what: 'Another process has the INSTANCE of this one, at the same database.',
    caller: 'Nothing; other processes answer. A process that stood still and was replaced ends.',
    remedy: 'Stop the other process, or give each its own INSTANCE.',
  },
  'console.fileBroken': {
    fault: 'parley',
    what: "A file of the operator's pages cannot be read or is no TypeScript.",
    caller: 'Nothing: calls do without the pages.',
    remedy: 'If you changed it, correct what the log line says. Else install Parley anew.',
  },
  'http.notLocal': {
    fault: 'admin',
    what: 'Without TWILIO_AUTH_TOKEN, a request named another host than this machine or that of PUBLIC_URL, or came from a web page elsewhere.',
    caller: 'The call fails, if it was one.',
    remedy: 'Set TWILIO_AUTH_TOKEN, or use Parley from this machine as http://localhost.',
  },
  'webhook.signatureInvalid': {
    fault: 'carrier',
    what: 'A webhook or WebSocket upgrade is not signed with our auth token or shared key.',
    caller: 'Nothing, unless PUBLIC_URL or TWILIO_AUTH_TOKEN is wrong: then the call fails.',
    remedy:
      'If real calls fail: PUBLIC_URL must be the address that Twilio calls, and TWILIO_AUTH_TOKEN the primary token. `differs` in the log line says what is wrong; docs/operations.md what to do.',
  },
  'webhook.invalid': {
    fault: 'carrier',
    what: 'A webhook lacks a parameter that Twilio always sends.',
    caller: 'Nothing: it was not a call.',
    remedy: 'Find out who sends it.',
  },
  'context.late': {
    fault: 'admin',
    what: 'CONTEXT_WEBHOOK did not answer within 1.5 s.',
    caller: 'One more ring, and an agent that knows the defaults only.',
    remedy: 'Make the webhook faster: it is asked while the phone rings.',
  },
  'context.failed': {
    fault: 'admin',
    what: 'CONTEXT_WEBHOOK could not be reached, or answered with an error, a redirect, or more than 64 kB.',
    caller: 'An agent that knows the defaults only.',
    remedy: 'Look up `why` in the log line, and mend the webhook.',
  },
  'context.invalid': {
    fault: 'admin',
    what: 'CONTEXT_WEBHOOK answered with something else than a JSON object whose values are texts, numbers, true or false, or with names that neither CONTEXT_DEFAULTS nor the agent declares.',
    caller: 'An agent that knows the defaults of what is missing.',
    remedy: 'Correct the answer (docs/context.md), or declare the names of `unknown`.',
  },
  'stream.tokenInvalid': {
    fault: 'carrier',
    what: 'A media stream started with a wrong, used or outdated token, or for an unknown call.',
    caller: 'Nothing: the call has a newer stream, or there is no call.',
    remedy:
      'Once in a while: nothing, a stream that broke off came late. Often: find out who connects to the media socket.',
  },
  'stream.startMissing': {
    fault: 'carrier',
    what: 'A media socket opened and sent no start message in time.',
    caller: 'Nothing: it was not a call.',
    remedy: 'Find out who connects to the media socket.',
  },
  'stream.tooManyWaiting': {
    fault: 'carrier',
    what: 'Too many media sockets are open that have sent no start message yet.',
    caller: 'A pause, if it was a call: it gets a fresh stream.',
    remedy: 'Find out who connects to the media socket.',
  },
  'stream.failedAtTwilio': {
    fault: 'carrier',
    what: 'Twilio could not open a media stream, or lost it, and says why with a code of its own.',
    caller: freshStream,
    remedy:
      'Look up `twilioCode` in docs/operations.md. Mostly a proxy or tunnel does not pass WebSockets on (31920) or breaks frames (31924).',
  },
  'stream.audioAhead': {
    fault: 'carrier',
    what: 'A media stream brought more sound than there was time to speak.',
    caller: freshStream,
    remedy: 'Find out who connects to the media socket.',
  },
  'stream.flooded': {
    fault: 'carrier',
    what: 'A media stream brought far more messages than a call has.',
    caller: freshStream,
    remedy: 'Find out who connects to the media socket.',
  },
  'stream.frameBinary': {
    fault: 'carrier',
    what: 'A binary frame arrived on the media socket.',
    caller: callerNotices.nothing,
    remedy: 'Look for a proxy that changes frames.',
  },
  'stream.frameNotJson': {
    fault: 'carrier',
    what: 'A frame on the media socket is not JSON.',
    caller: callerNotices.nothing,
    remedy: 'Look for a proxy that changes frames.',
  },
  'stream.frameInvalid': {
    fault: 'carrier',
    what: 'A message on the media socket lacks a field or holds the wrong type.',
    caller: callerNotices.nothing,
    remedy: 'Compare the message with docs/protocol/twilio.md.',
  },
  'stream.eventUnknown': {
    fault: 'carrier',
    what: 'A message on the media socket has an unknown event name.',
    caller: callerNotices.nothing,
    remedy: 'Compare the message with docs/protocol/twilio.md.',
  },
  'stream.sidMismatch': {
    fault: 'carrier',
    what: 'A message on the media socket names another stream.',
    caller: callerNotices.nothing,
    remedy: 'Report it: Twilio sends one stream per socket.',
  },
  'telephony.notConfigured': {
    fault: 'admin',
    what: 'The call had to be redirected by REST, and no credentials are set.',
    caller: 'Silence, until the call ends by itself.',
    remedy: 'Set TWILIO_ACCOUNT_SID and TWILIO_API_KEY_SID with TWILIO_API_KEY_SECRET, or TWILIO_AUTH_TOKEN.',
  },
  'telephony.refused': {
    fault: 'carrier',
    what: 'Twilio refused or did not answer the REST request that redirects the call.',
    caller: 'Silence, until the call ends by itself.',
    remedy: 'Look up the code that the log line holds.',
  },
  ...modelErrors,
  ...toolErrors,
  'fetch.refused': {
    fault: 'tool',
    what: 'A tool asked for an address that it may not reach.',
    caller: 'The agent says that it did not work.',
    remedy:
      'If the address is meant, name its host: under `hosts` in the tools file, or in TOOLS_PRIVATE_HOSTS for tools in code.',
  },
  'fetch.tooLarge': {
    fault: 'tool',
    what: 'What a tool sent or was answered is larger than it may be.',
    caller: 'The agent says that it did not work.',
    remedy: 'Ask the service for less: most take a limit or a list of fields.',
  },
  'log.invalid': {
    fault: 'admin',
    what: 'A call log cannot be read: it is cut off, damaged, or of another version.',
    caller: 'Nothing: no call is involved.',
    remedy: 'Look at the line that the message names, or replay it with the version of Parley that wrote it.',
  },
  'journal.corrupt': {
    fault: 'admin',
    what: 'The journal is damaged. It was moved aside and a new one begun.',
    caller: callerNotices.nothing,
    remedy: 'Check the disk. docs/journal.md says how to read the file that was moved aside.',
  },
  'journal.otherVersion': {
    fault: 'admin',
    what: 'A newer version of Parley wrote the journal. It is left as it is, and entries wait in memory.',
    caller: callerNotices.nothing,
    remedy: 'Run that version or a newer one, or set JOURNAL_FILE to another place.',
  },
  'journal.locked': {
    fault: 'admin',
    what: 'Another program holds the journal. Entries wait in memory.',
    caller: callerNotices.nothing,
    remedy:
      'Find the program that has the file open, and read the journal read-only: a write that is left open holds it.',
  },
  'journal.gone': {
    fault: 'admin',
    what: 'Somebody moved or deleted the journal while it was in use. A new one was begun.',
    caller: callerNotices.nothing,
    remedy: 'Move the journal only while no Parley runs on it.',
  },
  'journal.full': {
    fault: 'admin',
    what: 'The disk is full, or the journal has reached its greatest size. Entries wait in memory.',
    caller: callerNotices.nothing,
    remedy: 'Make room, or keep calls for fewer days. The journal catches up by itself.',
  },
  'journal.unusable': {
    fault: 'admin',
    what: 'The journal cannot be opened, read or written. Entries wait in memory.',
    caller: callerNotices.nothing,
    remedy: 'Look at the reason in the log line: a folder that may not be written, a wrong path, a failing disk.',
  },
  'journal.unreachable': {
    fault: 'admin',
    what: 'The database of the journal cannot be reached. Entries wait in memory, then in a file.',
    caller: callerNotices.nothing,
    remedy: 'Look at the database and the network between. The journal catches up by itself.',
  },
  'journal.crashed': {
    fault: 'parley',
    what: 'The thread that writes the journal ended by itself. It is started again, a few times.',
    caller: callerNotices.nothing,
    remedy: 'Report it with the log lines before.',
  },
  'call.crashed': {
    fault: 'parley',
    what: 'Parley itself failed at something that entered a call.',
    caller: callerNotices.apology,
    remedy: 'Replay the call log if there is one, and report the stack and the door in the log line.',
  },
  'service.crashed': {
    fault: 'parley',
    what: 'Parley failed outside of any call, and its process ended after it had left its calls.',
    caller: 'A pause: the next process goes on with the call. If there is none, the same as for `call.crashed`.',
    remedy: 'Report the stack in the log line. Let a supervisor start Parley again.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/**
 * An error with a code of the table. `message` is for whoever can act on it: the operator, or the model when a tool refuses its
 * arguments. The caller never hears it.
 */
export class ParleyError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.name = 'ParleyError';
    this.code = code;
  }
}

/** The code that the system gives its errors, such as ENOENT; null where there is none. */
export function systemCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

/** Why the system does not let us read something, where it can be said in words. */
const unreadable: ReadonlyMap<string, string> = new Map([
  ['ENOENT', ': it does not exist'],
  ['EISDIR', ': it is a folder'],
  ['EACCES', ': this user may not'],
]);

/** What is said of a file or folder that the system does not let us read: "cannot be read: it does not exist". */
export function cannotBeRead(error: unknown): string {
  const code = systemCodeOf(error);
  return `cannot be read${code === null ? '' : (unreadable.get(code) ?? ` (${code})`)}`;
}
