import type { Question } from './question.ts';
import { audioStreamEnd, bargeIn, endOfSpeech, shortAnswers } from './questions/hearing.ts';
import { manualActivity } from './questions/marked-turns.ts';
import { refusals, thinkingRefusals } from './questions/refusals.ts';
import { compressionTrigger, goingAway, handles, tooManySessions } from './questions/sessions.ts';
import { answerOfEarlierCall, behaviorDefault, pendingCall, schemaFields, silentAnswer } from './questions/tools.ts';
import { firstTurn, interactionStatus, usageOfTurns } from './questions/turns.ts';

/** All questions, in the order in which they are asked: what Parley relies on most comes first, in case that time runs out. */
export const allQuestions: readonly Question[] = [
  goingAway,
  firstTurn,
  refusals,
  handles,
  silentAnswer,
  pendingCall,
  bargeIn,
  shortAnswers,
  usageOfTurns,
  compressionTrigger,
  interactionStatus,
  schemaFields,
  thinkingRefusals,
  endOfSpeech,
  audioStreamEnd,
  answerOfEarlierCall,
  manualActivity,
  behaviorDefault,
  tooManySessions,
];
