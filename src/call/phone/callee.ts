import type { CalleeQuestion, DialEnd, DialOutcome } from '../events.ts';
import type { CalleeState } from './callee-state.ts';

/** The key that takes a call. */
const acceptKey = '1';

/** Where the one who is called is after this. What was decided stands: Twilio may ask again. */
export function calleeAfter(state: CalleeState, question: CalleeQuestion): CalleeState {
  if (state !== 'ringing' && state !== 'asked') return state;
  if (question.type === 'callee.answered') return 'asked';
  if (question.key === null) return 'silent';
  return question.key === acceptKey ? 'accepted' : 'declined';
}

/** How an attempt ended whose call had to be taken. Twilio knows only whether the telephone was answered. */
export function acceptedOutcome(state: CalleeState, end: DialEnd): DialOutcome {
  switch (state) {
    case 'accepted':
      // Taken, and then not connected after all: the caller is alone again, and must not be hung up on.
      return end === 'connected' ? 'connected' : 'failed';
    case 'declined':
      return 'declined';
    case 'silent':
      return 'notAccepted';
    case 'asked':
      return 'declined';
    case 'ringing':
      // Answered, and nobody was asked: the question did not arrive.
      return end === 'connected' ? 'notAccepted' : end;
  }
}
