import { wordsBehind } from '../../src/console/words-behind.ts';
import type { BrowserCallState, PhoneNews } from '../../src/console/phone/phone-news.ts';

/** The page stays readable and quick; the whole call stands in its log. */
const linesMax = 400;

/** One line of what happened on a call. */
export type PhoneStoryLine =
  | {
      readonly kind: 'words';
      readonly speaker: 'caller' | 'agent';
      readonly text: string;
      /** Words still come, or may be taken back. */
      readonly isOpen: boolean;
      readonly isCut: boolean;
    }
  | {
      readonly kind: 'tool';
      readonly id: string;
      readonly name: string;
      readonly what: string;
      readonly state: 'runs' | 'done' | 'failed';
    }
  | { readonly kind: 'event'; readonly text: string };

/** What a page knows of its call. */
export interface PhoneStory {
  readonly state: BrowserCallState;
  readonly lines: readonly PhoneStoryLine[];
  readonly picturesTaken: number;
  readonly pictureRefusal: string | null;
  /** The sound of the call can be downloaded. */
  readonly isRecorded: boolean;
}

/** A call that has just been placed. */
export const newStory: PhoneStory = {
  state: { phase: 'ringing' },
  lines: [],
  picturesTaken: 0,
  pictureRefusal: null,
  isRecorded: false,
};

/** What stands in the place of a conversation that has no words. */
export function silenceWords(story: PhoneStory | null): string {
  if (story === null) return 'Press “Call”, and speak when the agent has greeted you.';
  return story.state.phase === 'over' ? 'Nothing was said.' : 'Nothing has been said yet.';
}

/** The story with one piece of news more. */
export function withNews(story: PhoneStory, news: PhoneNews): PhoneStory {
  switch (news.type) {
    case 'state':
      return { ...story, state: news.state };
    case 'caption':
      // Nobody hears what still comes.
      if (story.state.phase === 'over') return story;
      return withLine(story, isOpenLineOf(news.speaker), (line) => ({
        kind: 'words',
        speaker: news.speaker,
        text: (line?.kind === 'words' ? line.text : '') + news.text,
        isOpen: true,
        isCut: false,
      }));
    case 'said':
      return withSaid(story, news);
    case 'tool': {
      const { id, name, what, state } = news;
      const isSame = (line: PhoneStoryLine): boolean => line.kind === 'tool' && line.id === id && line.state === 'runs';
      return withLine(story, isSame, (line) => ({
        kind: 'tool',
        id,
        name: line?.kind === 'tool' ? line.name : name,
        what: line?.kind === 'tool' ? `${line.what} → ${what}` : what,
        state,
      }));
    }
    case 'event':
      return withLine(
        story,
        () => false,
        () => ({ kind: 'event', text: news.text }),
      );
    case 'pictures':
      return { ...story, picturesTaken: news.taken, pictureRefusal: news.refusal };
    case 'recorded':
      return { ...story, lines: story.lines.filter(isFinal), isRecorded: true };
    case 'clear':
      return story;
  }
}

/** The story with a line that is over. What has come behind it is the beginning of the next one. */
function withSaid(story: PhoneStory, { speaker, text, cut }: Extract<PhoneNews, { type: 'said' }>): PhoneStory {
  const isOpenLine = isOpenLineOf(speaker);
  const open = story.lines.find(isOpenLine);
  const rest = cut || open?.kind !== 'words' ? '' : wordsBehind(open.text, text);
  const said = withLine(story, isOpenLine, () => ({ kind: 'words', speaker, text, isOpen: false, isCut: cut }));
  return rest === '' ? said : withNews(said, { type: 'caption', speaker, text: rest });
}

/** Whether a line stays as it is. What is still open when nothing more comes was not heard. */
function isFinal(line: PhoneStoryLine): boolean {
  return line.kind !== 'words' || !line.isOpen;
}

function isOpenLineOf(speaker: 'caller' | 'agent') {
  return (line: PhoneStoryLine): boolean => line.kind === 'words' && line.speaker === speaker && line.isOpen;
}

/** Replaces the last line that is meant, or adds one. */
function withLine(
  story: PhoneStory,
  isMeant: (line: PhoneStoryLine) => boolean,
  make: (line: PhoneStoryLine | undefined) => PhoneStoryLine,
): PhoneStory {
  const at = story.lines.findLastIndex(isMeant);
  const lines = at < 0 ? [...story.lines, make(undefined)] : story.lines.with(at, make(story.lines[at]));
  return { ...story, lines: lines.slice(-linesMax) };
}
