import type { SessionPart, FaultSite, DialogueFault } from './dialogue-fault.ts';
import { dialogueFault } from './dialogue-fault.ts';

type Defect = NonNullable<SessionPart['defects']>[number];
type Deaf = 'no' | 'untilResume' | 'untilFresh' | 'always';

/** More turns than a call has. */
const always = 100;

const deafness: readonly (readonly [Deaf, string])[] = [
  ['no', 'until nudged'],
  ['untilResume', 'until resumed'],
  ['untilFresh', 'until a fresh session'],
  ['always', 'for ever'],
];

const empty = ['silent', 'textOnly', 'nearSilent', 'rejected'] as const;

/** Everything that goes wrong with a turn of the model while its connection stands. */
export const turnFaults: readonly DialogueFault[] = [
  ...deafness.map(([deaf, words]) =>
    dialogueFault(`no greeting, ${words}`, {}, () => ({
      beforeGreeting: true,
      sessions: [{ defects: [{ turn: 1, defect: 'noAnswer', deaf }] }],
    })),
  ),
  dialogueFault('silent greeting', {}, () => ({
    beforeGreeting: true,
    sessions: [{ defects: [{ turn: 1, defect: 'silent' }] }],
  })),
  ...empty.flatMap((defect) => [
    onAnswer(`${wordsOf(defect)} turn`, () => ({ defect })),
    onAnswer(`${wordsOf(defect)} turn twice`, () => ({ defect, times: 2 })),
    dialogueFault(`${wordsOf(defect)} turns for ever`, {}, ({ dialogue }) => ({
      sessions: [{ defects: [{ turn: dialogue.faultedQuestion + 1, times: always, defect }] }],
      later: { defects: [{ turn: 1, times: always, defect }] },
    })),
  ]),
  onAnswer('silent turn, deaf until resumed', () => ({ defect: 'silent', deaf: 'untilResume' })),
  onAnswer('stall in mid-sentence', ({ draw }) => ({
    defect: 'stall',
    afterMs: draw.int(300, 2_500),
    forMs: draw.int(1_000, 6_000),
  })),
  ...deafness.map(([deaf, words]) =>
    onAnswer(`broken off, deaf ${words}`, ({ draw }) => ({ defect: 'brokenOff', afterMs: draw.int(300, 2_500), deaf })),
  ),
  onAnswer('cut short', ({ draw }) => ({ defect: 'cutShort', afterMs: draw.int(300, 2_500) })),
  onAnswer('late answer', ({ draw }) => ({ defect: 'late', byMs: draw.int(1_000, 6_000) })),
  ...deafness.map(([deaf, words]) => onAnswer(`no answer, deaf ${words}`, () => ({ defect: 'noAnswer', deaf }))),
  ...deafness
    .filter(([deaf]) => deaf !== 'no')
    .map(([deaf, words]) =>
      onAnswer(`phantom interruption, deaf ${words}`, ({ draw }) => ({
        defect: 'phantomInterruption',
        afterMs: draw.int(300, 2_500),
        deaf,
      })),
    ),
  onAnswer('phantom interruption at the end', () => ({ defect: 'phantomInterruption' })),
  ...deafness.map(([deaf, words]) =>
    onAnswer(`nothing after a tool, deaf ${words}`, () => ({ defect: 'nothingAfterTool', deaf }), true),
  ),
  onAnswer('silent turn after a tool', () => ({ defect: 'silentAfterTool' }), true),
  onAnswer('answered twice', () => ({ defect: 'answeredTwice' })),
  onAnswer('transcript twice', () => ({ defect: 'transcriptTwice' })),
  onAnswer('greets again', () => ({ defect: 'greetsAgain' })),
];

type DefectAlone = Defect extends infer One ? (One extends unknown ? Omit<One, 'turn'> : never) : never;

/** Spoils the answer to the faulted question: the greeting is the first turn. */
function onAnswer(name: string, defectOf: (site: FaultSite) => DefectAlone, needsTool = false): DialogueFault {
  return dialogueFault(name, { needsTool }, (site) => ({
    sessions: [{ defects: [{ ...defectOf(site), turn: site.dialogue.faultedQuestion + 1 }] }],
  }));
}

function wordsOf(defect: (typeof empty)[number]): string {
  return { silent: 'silent', textOnly: 'text-only', nearSilent: 'near-silent', rejected: 'rejected' }[defect];
}
