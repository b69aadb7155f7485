import type { SessionReport } from '../model/session-report.ts';
import type { FaultChanges } from '../seeds/dialogue-fault.ts';
import type { Dialogue, DialogueScenario } from '../seeds/seeded-dialogue.ts';
import type { Span } from './heard-stream.ts';
import { judgeSilences } from './silence-judge.ts';
import { extraWaitMs, saidSpans, waitsOf } from './answer-waits.ts';
import type { PlayedDialogue } from '../run/talk.ts';

/** Added to what the links take: the gate, the frames of the line, and the timers round. */
const slackMs = 250;

/** Reopenings of one call, and the shortest wait before the second try of one loss: half of 500 ms, its jitter being what it may. */
const reopeningsMax = 12;
const backoffMsMin = 250;

/** Words that reach the model differ so much at most from those that were said: windows of 20 ms at either end. */
const spanToleranceMs = 60;

/** What is spoken during a reconnection of this length must reach the model. */
const reconnectMsMax = 5_000;

/** Sound of the caller that may be on its way when a stream or a session ends. */
const onTheWayMsMax = 500;

const bytesPerMs = 8;
const frameBytes = 160;

/** What a dialogue with faults is judged by. */
export interface DialogueEvidence {
  readonly dialogue: Dialogue;
  readonly scenario: DialogueScenario;
  readonly changes: readonly FaultChanges[];
  /** The phone network, or nobody being there, may lose what the caller says. */
  readonly lineLoses: boolean;
  readonly played: PlayedDialogue;
  /** The same seed without faults. */
  readonly without: PlayedDialogue;
}

/** What became of one dialogue. */
export interface DialogueVerdict {
  readonly outcome: 'wentOn' | 'fallback' | 'lost';
  /** What did not hold, in words. */
  readonly causes: readonly string[];
  /** Why nobody can be blamed for a call that was lost; null where somebody can. */
  readonly excuse: string | null;
  /** The extra wait of the answer that waited longest; null where the agent did not go on. */
  readonly gapMs: number | null;
  /** What the caller said that reached no session. */
  readonly lostMs: number;
}

/** Judges one dialogue. */
export function judgeDialogue(evidence: DialogueEvidence): DialogueVerdict {
  const { played, without, changes } = evidence;
  const { call, timeline, streams } = played;
  const outcome = outcomeOf(evidence);
  const lostMs = lostSpeechMs(evidence);
  const heldMs = sum(changes.map((change) => change.heldMs ?? 0));
  const lineDeadFromMs = Math.min(...changes.map((change) => change.lineDeadFromMs ?? Infinity));
  const rules = { slackMs: slackMs + linksMs(evidence) + heldMs, lineDeadFromMs, lineLoses: evidence.lineLoses };
  // Twilio opened a stream to a proxy behind which nobody was, and asks nothing while it waits.
  const isOrphaned = outcome === 'lost' && call.broken.length === 0 && wasKilled(evidence);
  const excuse = isOrphaned
    ? 'the service was dead when the line came back, and Twilio did not ask again in time'
    : null;
  const causes = [
    ...call.broken,
    ...(outcome === 'lost' ? [`the call neither went on nor reached the fallback (${endingOf(played)})`] : []),
    ...judgeSilences(streams, timeline, rules),
    ...reopeningFaults(played),
    ...toolFaults(played),
    ...(evidence.lineLoses ? [] : audioFaults(played)),
    ...(evidence.lineLoses || lostMs === 0
      ? []
      : [`${Math.round(lostMs)} ms of the caller's words reached no session`]),
  ];
  return {
    outcome,
    causes: excuse === null ? causes : [],
    excuse,
    gapMs: outcome === 'wentOn' ? extraWaitMs(waitsOf(streams), waitsOf(without.streams)) : null,
    lostMs,
  };
}

function wasKilled({ scenario }: DialogueEvidence): boolean {
  return (scenario.faults ?? []).some(({ fault }) => fault === 'serviceKilled' || fault === 'serviceRestarted');
}

/** It went on when the caller hung up as the script has it, or was put through; it fell back when there was an apology. */
function outcomeOf({
  played: { call, timeline },
  dialogue,
  played,
  changes,
  lineLoses,
}: DialogueEvidence): DialogueVerdict['outcome'] {
  if (call.broken.length > 0) return 'lost';
  const { notes, entries } = timeline;
  const hasApologised =
    entries.some(({ kind, about }) => kind === 'leaving' && about === 'fallback') ||
    notes.some(({ kind }) => kind === 'verb.say');
  if (hasApologised) return 'fallback';
  const gaveUp = notes.some(({ kind }) => kind === 'caller.gaveUpWaiting');
  const asked = saidSpans(played.streams).length;
  const isBridged = notes.some((note) => note.kind === 'dial.ended' && note.bridged);
  const hungUp = notes.some((note) => note.kind === 'call.ended' && note.reason === 'callerHungUp');
  // A sentence that a link holds back in its middle comes as two, and gets two answers of the script.
  const isSplit = changes.some(({ heldMs = 0 }) => heldMs > 0);
  const hasAsked = asked >= dialogue.questions || lineLoses || isSplit;
  return !gaveUp && hasAsked && (isBridged || hungUp) ? 'wentOn' : 'lost';
}

function endingOf({ call, timeline, streams }: PlayedDialogue): string {
  const gaveUp = timeline.notes.find(({ kind }) => kind === 'caller.gaveUpWaiting');
  const asked = `${saidSpans(streams).length} questions`;
  return `${call.endReason ?? 'no end'}, ${asked}${gaveUp === undefined ? '' : ', the caller waited in vain'}`;
}

/** There and back again on every link that an answer passes. */
function linksMs({ scenario }: DialogueEvidence): number {
  const passed = (scenario.faults ?? []).filter(
    ({ fault, link }) => fault === 'latency' && (link === 'media' || link === 'model'),
  );
  return sum(passed.map(({ ms }) => 2 * Number(ms)));
}

function reopeningFaults({ timeline }: PlayedDialogue): string[] {
  const openings = timeline.timesOf('opening');
  const reopenings = openings.length - 1 - timeline.timesOf('rotation').length;
  const hasted = openings.findIndex((atMs, index) => atMs - (openings[index - 2] ?? -Infinity) < backoffMsMin);
  return [
    ...(reopenings > reopeningsMax ? [`${reopenings} reopenings`] : []),
    ...(hasted === -1 ? [] : [`three sessions were opened in ${backoffMsMin} ms, at ${openings[hasted]} ms`]),
  ];
}

function toolFaults({ timeline }: PlayedDialogue): string[] {
  const ids = timeline.entries.filter(({ kind }) => kind === 'toolRun').map(({ about }) => about);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [...new Set(twice)].map((id) => `the tool call ${id} ran more than once`);
}

function audioFaults({ call, timeline }: PlayedDialogue): string[] {
  const tally = timeline.callerAudio;
  if (tally === null) return [];
  const { received, forwarded, replaced, dropped, waiting } = tally;
  const sent = sum(call.streams.map(({ framesSent }) => framesSent * frameBytes));
  return [
    ...(received === forwarded + replaced + dropped + waiting ? [] : ['audio of the caller is not accounted for']),
    ...(sent - received <= onTheWayMsMax * bytesPerMs
      ? []
      : [`${(sent - received) / bytesPerMs} ms of the caller were never taken`]),
  ];
}

/** What the caller said up to the exit, except in an outage that was too long to be bridged, and no session heard. */
function lostSpeechMs({ played: { call, timeline, streams } }: DialogueEvidence): number {
  const leavingMs = timeline.timesOf('leaving')[0] ?? Infinity;
  const outages = outagesOf(call.modelSessions);
  const said = saidSpans(streams).filter(
    ({ fromMs, toMs }) => toMs < leavingMs && !outages.some((outage) => outage.fromMs < toMs && outage.toMs > fromMs),
  );
  const arrived = call.modelSessions.map(({ audio }) => audio.speech.map((span) => span.toMs - span.fromMs));
  const missing = said
    .map(({ fromMs, toMs }) => toMs - fromMs)
    .filter((ms) => !arrived.some((spans) => takeRun(spans, ms)));
  const parts = arrived.flat().filter((part) => !said.some(({ fromMs, toMs }) => isAlike(part, toMs - fromMs)));
  const lostMs = sum(missing) - sum(parts);
  return lostMs <= spanToleranceMs * missing.length ? 0 : lostMs;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

function isAlike(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= spanToleranceMs;
}

/** Takes the stretch of this length out of a session's speech, or several in a row that have it together. Returns whether there was one. */
function takeRun(spans: number[], ms: number): boolean {
  for (let from = 0; from < spans.length; from += 1) {
    for (let to = from + 1; to <= spans.length; to += 1) {
      if (!isAlike(sum(spans.slice(from, to)), ms)) continue;
      spans.splice(from, to - from);
      return true;
    }
  }
  return false;
}

/** Times without a session that were longer than what must be bridged, from the moment at which sound was on its way into it. */
function outagesOf(sessions: readonly SessionReport[]): Span[] {
  const opened = sessions.flatMap(({ openedAtMs }) => openedAtMs ?? []);
  return sessions
    .flatMap(({ openedAtMs, end }) => (openedAtMs === null || end === null ? [] : [end.atMs]))
    .map((fromMs) => ({ fromMs, toMs: opened.find((atMs) => atMs >= fromMs) ?? Infinity }))
    .filter(({ fromMs, toMs }) => toMs - fromMs > reconnectMsMax)
    .map(({ fromMs, toMs }) => ({ fromMs: fromMs - onTheWayMsMax, toMs }));
}
