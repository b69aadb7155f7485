import type { CallFact } from '../../call/events.ts';
import type { ToolOutcome } from '../world/service-machine.ts';

/** What a call is told of its redirect by REST: the rule of `src/twilio/edge/rest.ts`. */
export function restFact(outcome: 'updated' | 'refused' | 'callOver'): CallFact {
  if (outcome === 'updated') return { type: 'telephony.updated' };
  return { type: 'telephony.failed', fault: 'telephony.refused', callOver: outcome === 'callOver' };
}

/** What a call is told of how a tool came out: the rule of `src/host/tool-runner.ts`. */
export function toolFact(id: string, outcome: ToolOutcome): CallFact {
  if (outcome.type === 'finished') {
    const { response, silent, leave } = outcome;
    return { type: 'tool.finished', id, response, silent, leave };
  }
  return outcome.unknown
    ? { type: 'tool.failed', id, fault: 'tool.unknown', message: 'There is no such tool.' }
    : { type: 'tool.failed', id, fault: 'tool.failed', message: 'The tool did not work.' };
}
