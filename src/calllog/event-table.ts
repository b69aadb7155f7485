import type { CallFact, DialEnd, LeaveOrder, ModelRemedy, ModelUsage, RecordingStatus } from '../call/events.ts';
import type { ToolCall, ToolResponse, ToolScheduling } from '../call/tooling/tool-call.ts';
import type { CallMemory } from '../call/talk/memory.ts';
import type { ErrorCode } from '../errors.ts';

/** What the members of events can be, by the name of the kind. */
interface KindTypes {
  readonly number: number;
  readonly numberOrNull: number | null;
  /** Left out by logs of the usual case. */
  readonly numberOrNone: number | undefined;
  readonly flag: boolean;
  /** Anybody's words. */
  readonly text: string;
  readonly textOrNull: string | null;
  /** A text that is only ever compared. */
  readonly id: string;
  readonly idOrNull: string | null;
  readonly ids: readonly string[];
  readonly mark: string;
  readonly fault: ErrorCode;
  readonly outcome: DialEnd;
  readonly recordingStatus: RecordingStatus;
  readonly remedy: ModelRemedy;
  readonly activity: 'start' | 'end';
  readonly work: 'working' | 'idle';
  readonly mulaw: Uint8Array;
  readonly pcm: Uint8Array;
  readonly toolCalls: readonly ToolCall[];
  readonly record: ToolResponse;
  readonly leave: LeaveOrder | null;
  readonly scheduling: ToolScheduling;
  readonly usage: ModelUsage;
  readonly memory: CallMemory;
}

/** What a member of an event is: it decides how a log's member is checked, and what stands in for it in a scrubbed one. */
export type FieldKind = keyof KindTypes;

type Fields<Fact> = { readonly [Key in Exclude<keyof Fact, 'type'>]: KindOf<Fact[Key]> };
type KindOf<Value> = { [Kind in FieldKind]: KindTypes[Kind] extends Value ? Kind : never }[FieldKind];

/** What a log knows of an event: what happened, as it reads behind "when", and the kind of each member. */
interface EventEntry<Fact> {
  readonly happened: string;
  readonly fields: Fields<Fact>;
}

/** Every event and every member of it. A new one does not compile until it stands here. */
export const eventTable: {
  readonly [Type in CallFact['type']]: EventEntry<Extract<CallFact, { type: Type }>>;
} = {
  'call.received': { happened: 'Twilio asked what to do with the call', fields: {} },
  'call.restored': { happened: 'the call was taken over from another process', fields: { memory: 'memory' } },
  'call.completed': { happened: 'Twilio said that the call is over', fields: {} },
  'connect.ended': {
    happened: 'Twilio asked what comes after the stream',
    fields: { stream: 'numberOrNull', callOver: 'flag' },
  },
  'dial.ended': {
    happened: 'the dialled leg was over',
    fields: { attempt: 'numberOrNull', outcome: 'outcome', callOver: 'flag' },
  },
  'callee.answered': { happened: 'somebody answered who was called', fields: { attempt: 'number' } },
  'callee.keyed': {
    happened: 'a key was pressed by the one who was called, or none',
    fields: { attempt: 'number', key: 'idOrNull' },
  },
  'record.ended': { happened: "the caller's message was over", fields: { durationMs: 'number', callOver: 'flag' } },
  'recording.stored': {
    happened: "Twilio told what became of the caller's message",
    fields: { status: 'recordingStatus', durationMs: 'number', recordingSid: 'id', url: 'textOrNull' },
  },
  'stream.started': { happened: 'the stream started', fields: { streamSid: 'id' } },
  'stream.media': {
    happened: "the caller's voice arrived",
    fields: { sequence: 'number', timestampMs: 'number', audio: 'mulaw' },
  },
  'stream.dtmf': { happened: 'the caller pressed a key', fields: { digit: 'text' } },
  'stream.marked': { happened: 'a mark came back', fields: { name: 'mark' } },
  'stream.stopped': { happened: 'Twilio stopped the stream', fields: {} },
  'stream.closed': { happened: 'the media socket closed', fields: { code: 'number' } },
  'stream.frameRejected': { happened: 'a frame of Twilio could not be used', fields: { fault: 'fault' } },
  'telephony.updated': { happened: 'Twilio had redirected the call', fields: {} },
  'telephony.failed': { happened: 'Twilio did not redirect the call', fields: { fault: 'fault', callOver: 'flag' } },
  'model.opened': { happened: 'the model was ready', fields: {} },
  'model.openFailed': {
    happened: 'the model session could not be opened',
    fields: { fault: 'fault', remedy: 'remedy', jitter: 'number' },
  },
  'model.closed': {
    happened: 'the model closed its session',
    fields: { code: 'number', reason: 'text', remedy: 'remedy', jitter: 'number' },
  },
  'model.frameRejected': { happened: 'a message of the model could not be used', fields: { fault: 'fault' } },
  'model.audio': { happened: "the agent's voice arrived", fields: { pcm: 'pcm' } },
  'model.text': { happened: 'the model wrote a thought', fields: { text: 'text' } },
  'model.interrupted': { happened: 'the model stopped because the caller spoke', fields: {} },
  'model.generationCompleted': { happened: 'the model had generated its reply', fields: {} },
  'model.turnCompleted': { happened: "the model's turn was over", fields: { reason: 'textOrNull' } },
  'model.waitingForInput': { happened: 'the model chose to wait', fields: {} },
  'model.interaction': { happened: 'the model told its status', fields: { status: 'work' } },
  'model.callerTranscript': { happened: "the caller's words arrived", fields: { text: 'text' } },
  'model.agentTranscript': { happened: "the agent's words arrived", fields: { text: 'text' } },
  'model.toolCalled': { happened: 'the model called a tool', fields: { calls: 'toolCalls' } },
  'model.toolRejected': {
    happened: 'the model called a tool with too many arguments',
    fields: { id: 'id', name: 'id' },
  },
  'model.toolCancelled': { happened: 'the model cancelled a tool call', fields: { ids: 'ids' } },
  'model.usage': { happened: 'the model sent a bill', fields: { usage: 'usage' } },
  'model.goingAway': { happened: 'the model said that it will close', fields: { timeLeftMs: 'number' } },
  'model.resumptionUpdated': {
    happened: 'the model sent a resumption handle',
    fields: { handle: 'idOrNull', resumable: 'flag' },
  },
  'model.voiceActivity': { happened: 'the model told who speaks', fields: { activity: 'activity' } },
  'tool.finished': {
    happened: 'a tool had finished',
    fields: { id: 'id', response: 'record', scheduling: 'scheduling', leave: 'leave' },
  },
  'tool.failed': { happened: 'a tool had failed', fields: { id: 'id', fault: 'fault', message: 'text' } },
  'service.crowded': { happened: 'too many calls came in to open a model session before the stream', fields: {} },
  'service.drained': { happened: 'the service wanted to stop', fields: {} },
  'operator.hungUp': { happened: 'an operator hung up', fields: {} },
  'operator.transferred': { happened: 'an operator transferred the caller', fields: { destination: 'id' } },
  'operator.noted': { happened: 'an operator had a note for the agent', fields: { text: 'text' } },
  'operator.said': { happened: 'an operator had a sentence for the agent to say', fields: { text: 'text' } },
  'caller.pictured': { happened: 'the caller showed a picture', fields: { bytes: 'number' } },
  tick: { happened: 'time had passed', fields: { lateMs: 'numberOrNone' } },
};
