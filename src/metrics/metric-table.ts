import { type ErrorCode, errors } from '../errors.ts';
import {
  escalationCauses,
  journalStateNames,
  leaseStateNames,
  noRoomNames,
  outcomeNames,
  refusalNames,
  rotationCauses,
} from './metric-labels.ts';
import { toolOutcomes } from './tool-runs.ts';

/**
 * One metric. Its labels are lists of all values that they can have, so that nobody's words can become a series; or the names that the admin
 * gave to tools or agents, in bounds.
 */
export interface MetricEntry {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: Readonly<Record<string, readonly string[] | 'tools' | 'agents'>>;
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

/** The value of a label for whatever is not in its list. */
export const otherValue = 'other';

/** What a refusal is counted by: its error code if it has one, else its name. */
const refusalCodes = [
  'webhook.signatureInvalid',
  'webhook.invalid',
  'http.notLocal',
  'stream.tokenInvalid',
  'stream.startMissing',
  'stream.tooManyWaiting',
] satisfies readonly ErrorCode[];

/** Why a model session is lost. */
const modelFaults = [...codesOf('model'), otherValue];

/** What goes wrong within a call, beside its tools, and the call goes on. */
const callFaults = [
  'stream.frameBinary',
  'stream.frameNotJson',
  'stream.frameInvalid',
  'stream.eventUnknown',
  'stream.sidMismatch',
  'stream.audioAhead',
  'stream.flooded',
  'telephony.notConfigured',
  'telephony.refused',
  'model.frameInvalid',
  'model.audioInvalid',
  'model.overBudget',
] satisfies readonly ErrorCode[];

const waitBuckets = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15];

/** Every metric that Parley has: base units, and names as Prometheus wants them. */
export const metricTable = {
  parley_calls_total: {
    type: 'counter',
    help: 'Calls that this process is done with, by outcome. released and fenced: another process goes on with the call.',
    labels: { agent: 'agents', outcome: outcomeNames },
  },
  parley_calls_begun_total: {
    type: 'counter',
    help: 'Calls that began here, new ones and those that were taken over from another process.',
    labels: { agent: 'agents', how: ['new', 'takenOver'] },
  },
  parley_calls_live: { type: 'gauge', help: 'Calls that need this process now.' },
  parley_calls_max: {
    type: 'gauge',
    help: 'Calls that this process may have at the same time: CALLS_PER_PROCESS, or less where others have the rest of MAX_CONCURRENT_CALLS.',
  },
  parley_ready: { type: 'gauge', help: '1 if a new call can be taken, else 0.' },
  parley_unready: {
    type: 'gauge',
    help: '1 for the reason why no new call is taken, 0 for the others.',
    labels: { reason: noRoomNames },
  },
  parley_calls_refused_total: {
    type: 'counter',
    help: 'Callers for whom there was no room: all places taken, the service about to stop, or the process late with the calls that it had.',
    labels: { reason: noRoomNames },
  },
  parley_calls_sent_on_total: {
    type: 'counter',
    help: 'New calls that were sent on to another process, which had room.',
  },
  parley_call_seconds: {
    type: 'histogram',
    help: 'How long calls last.',
    labels: { agent: 'agents' },
    buckets: [15, 60, 180, 600, 1800],
  },
  parley_refusals_total: {
    type: 'counter',
    help: 'Requests, sockets and webhooks that were turned away, by error code where there is one.',
    labels: { reason: [...refusalCodes, ...refusalNames, otherValue] },
  },
  parley_first_word_seconds: {
    type: 'histogram',
    help: 'How long callers wait for the first word: of the greeting from the start of the stream, of an answer from the end of their own words. A comfort tone is no word.',
    labels: { of: ['greeting', 'answer'] },
    buckets: waitBuckets,
  },
  parley_added_latency_seconds: {
    type: 'histogram',
    help: 'How long Parley itself holds up a piece of sound on its way to the model or to the caller, of one piece in seven.',
    labels: { to: ['model', 'caller'] },
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
  },
  parley_barge_ins_total: {
    type: 'counter',
    help: 'How often a caller interrupted the agent, by who noticed first: the model, or the ear of Parley.',
    labels: { by: ['model', 'ear'] },
  },
  parley_barge_ins_ignored_total: {
    type: 'counter',
    help: 'How often a caller was heard over the agent and it went on, by what that was, and by who would have stopped it.',
    labels: { by: ['model', 'ear'], why: ['hum', 'noise'] },
  },
  parley_cut_replies_total: {
    type: 'counter',
    help: 'How often the model was told how much the caller had heard of a reply that was cut off, by what told it; no: it went on without.',
    labels: { told: ['tool', 'text', 'session', 'no'] },
  },
  parley_barge_in_seconds: {
    type: 'histogram',
    help: 'How long the agent went on after the caller began to speak over it.',
    buckets: [0.2, 0.4, 0.6, 0.8, 1, 1.5, 2],
  },
  parley_comfort_sounds_total: {
    type: 'counter',
    help: 'How often a silence was filled with a tone or a phrase.',
    labels: { sound: ['tone', 'phrase'] },
  },
  parley_caller_audio_seconds_total: {
    type: 'counter',
    help: "The callers' sound, by its fate. replaced: silence or noise, in whose place other silence or noise was sent, or nothing. dropped: nobody heard it.",
    labels: { fate: ['forwarded', 'replaced', 'dropped'] },
  },
  parley_agent_audio_seconds_total: {
    type: 'counter',
    help: "The agent's sound, by its fate. cleared: sent, and taken back before the caller heard it. dropped: never sent, for instance because the caller interrupted.",
    labels: { fate: ['heard', 'cleared', 'dropped'] },
  },
  parley_model_sessions: {
    type: 'gauge',
    help: 'Model sessions now, by state.',
    labels: { state: ['opening', 'open'] },
  },
  parley_model_sessions_total: {
    type: 'counter',
    help: 'Model sessions that were asked for: the first of a call, with the memory of an earlier one, without, or on the fallback model.',
    labels: { begins: ['first', 'resumed', 'fresh', 'fallback'] },
  },
  parley_model_open_seconds: {
    type: 'histogram',
    help: 'How long model sessions take to begin.',
    buckets: [0.1, 0.25, 0.5, 1, 2, 4],
  },
  parley_model_losses_total: {
    type: 'counter',
    help: 'Model sessions that could not be opened or were lost, by error code.',
    labels: { fault: modelFaults },
  },
  parley_model_rotations_total: {
    type: 'counter',
    help: 'Model sessions that were replaced before anybody noticed: too old, about to be ended, slow, or shown pictures.',
    labels: { cause: rotationCauses },
  },
  parley_recoveries_total: {
    type: 'counter',
    help: 'Steps that were taken because the model did not say what was expected of it.',
    labels: { cause: [...escalationCauses, otherValue], step: ['nudge', 'resume', 'fresh', 'giveUp'] },
  },
  parley_given_up_total: {
    type: 'counter',
    help: 'Calls in which the model was given up, so that the caller heard the apology, by cause.',
    labels: { cause: ['modelLost', 'modelOutage', 'goAway', ...escalationCauses, otherValue] },
  },
  parley_call_faults_total: {
    type: 'counter',
    help: 'What went wrong in calls that went on, by error code.',
    labels: { fault: [...callFaults, ...codesOf('tool'), otherValue] },
  },
  parley_tool_calls_total: {
    type: 'counter',
    help: 'Runs of tools, by outcome.',
    labels: { tool: 'tools', outcome: toolOutcomes },
  },
  parley_tool_seconds: {
    type: 'histogram',
    help: 'How long tools take.',
    labels: { tool: 'tools' },
    buckets: [0.1, 0.5, 1, 2, 4, 8],
  },
  parley_model_tokens_total: {
    type: 'counter',
    help: 'Tokens that the model billed. Thoughts are counted as audioOut, whose price they have.',
    labels: { kind: ['textIn', 'audioIn', 'imageIn', 'textOut', 'audioOut'] },
  },
  parley_model_cost_dollars_total: {
    type: 'counter',
    help: 'What the model cost, in US dollars.',
    labels: { agent: 'agents' },
  },
  parley_model_unpriced_bills_total: {
    type: 'counter',
    help: 'Bills of a model that the price table lacks, so that their cost is missing.',
  },
  parley_journal_state: {
    type: 'gauge',
    help: '1 for the state that the journal is in, 0 for the others.',
    labels: { state: journalStateNames },
  },
  parley_journal_entries_waiting: { type: 'gauge', help: 'Entries that wait to be written into the journal.' },
  parley_journal_entries_in_outbox: {
    type: 'gauge',
    help: 'Entries that wait on the disk until the database of the journal is back.',
  },
  parley_journal_entries_dropped_total: { type: 'counter', help: 'Entries that the journal lost.' },
  parley_lease_state: {
    type: 'gauge',
    help: '1 for how the share of this process in the limit of all stands, 0 for the others. Absent without DATABASE_URL.',
    labels: { state: leaseStateNames },
  },
  parley_calls_over_limit: {
    type: 'gauge',
    help: 'Calls of all processes together beyond MAX_CONCURRENT_CALLS, as far as the database knows. Absent without DATABASE_URL.',
  },
  parley_calls_fetched_total: {
    type: 'counter',
    help: 'Calls that were fetched from a process that stood still or died.',
  },
  parley_log_lines_lost_total: { type: 'counter', help: 'Lines of the log that nobody took in time.' },
  parley_spans_total: {
    type: 'counter',
    help: 'Spans of traces, by whether the collector took them.',
    labels: { fate: ['exported', 'failed'] },
  },
  parley_event_loop_delay_seconds: {
    type: 'gauge',
    help: 'How late timers were since the last scrape.',
    labels: { of: ['median', 'p99', 'max'] },
  },
  parley_admission_delay_seconds: {
    type: 'gauge',
    help: 'How late the process is: the 90th percentile of its timers in the last five seconds, or the least late of the last three, whichever is later. Above MAX_EVENT_LOOP_DELAY_MS no new call is taken.',
  },
  parley_event_loop_busy_ratio: {
    type: 'gauge',
    help: 'Part of the time since the last scrape in which the process worked, 0 to 1.',
  },
  parley_viewers: { type: 'gauge', help: "Who has one of the operator's live pages open." },
  process_cpu_seconds_total: { type: 'counter', help: 'CPU time of the process.' },
  process_resident_memory_bytes: { type: 'gauge', help: 'Memory of the process.' },
  process_start_time_seconds: { type: 'gauge', help: 'When the process started, in seconds since 1970.' },
  nodejs_heap_used_bytes: { type: 'gauge', help: 'Memory of the JavaScript heap that is in use.' },
} as const satisfies Record<string, MetricEntry>;

/** All error codes of a kind. */
function codesOf(kind: 'model' | 'tool'): string[] {
  return Object.keys(errors).filter((code) => code.startsWith(`${kind}.`));
}

/** The name of a metric. */
export type MetricName = keyof typeof metricTable;
