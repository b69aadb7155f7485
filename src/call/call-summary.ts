import { mulawBytesPerMs } from '../audio/mulaw.ts';
import type { CallParts } from './call-parts.ts';
import type { EndReason, Note } from './effects.ts';
import type { Reaction } from './reaction.ts';

/** What the log says of a call that is over. */
export function callSummary(
  {
    connection,
    conversation,
    escalation,
    unheard,
  }: Pick<CallParts, 'connection' | 'conversation' | 'escalation' | 'unheard'>,
  reaction: Reaction,
  reason: EndReason,
): Note['fields'] {
  const { agent, caller } = conversation.tally;
  return {
    reason,
    durationMs: Math.round(reaction.nowMs),
    bargeIns: conversation.bargeIns,
    agentHeardMs: agent.heard / mulawBytesPerMs,
    callerReceivedMs: caller.received / mulawBytesPerMs,
    messagesRejected: reaction.faultCount,
    modelSessions: connection.sessions,
    escalations: escalation.causes,
    ...unheard.tally,
  };
}
