/** Nobody speaks faster: characters beyond these, in a second of sound, came ahead of it (GM-TURN-3). */
const charsPerSecondMax = 20;

/** No word is longer, in languages that put spaces between words. */
const wordCharsMax = 40;

/** A digit is spoken as a word of its own, which has some four letters. */
const digitLength = 4;

/** How far a reply was heard. `voice`: pauses are left out. */
export interface HeardPosition {
  readonly sentMs: number;
  readonly heardMs: number;
  readonly sentVoiceMs: number;
  readonly heardVoiceMs: number;
  /** Whether the model had finished it: then all of its words are there, and all of its sound. */
  readonly isWhole: boolean;
}

/** How long it takes to say a text, in letters: a space is one, a digit four, and other signs take no time. */
export function spokenLength(text: string): number {
  let length = 0;
  for (const char of text) length += lengthOf(char);
  return length;
}

function lengthOf(char: string): number {
  if (/\d/u.test(char)) return digitLength;
  return /[\p{L}\p{M} ]/u.test(char) ? 1 : 0;
}

/** The words that may have been spoken in a sound of this length. */
export function sayableWords(text: string, soundMs: number): string {
  return wholeWords(text, Math.floor((charsPerSecondMax * soundMs) / 1000));
}

/**
 * The words that were heard of a reply.
 *
 * Transcripts carry no times (GM-TURN-3). Of a whole reply, the share of the voice is the share of the words. Before it is whole its words
 * may be ahead of its sound or behind it, so the pace counts at which the agent has spoken before, in letters for each ms of voice; null when
 * that is not known.
 */
export function heardWords(text: string, position: HeardPosition, pace: number | null): string {
  const { sentMs, sentVoiceMs, heardVoiceMs, isWhole } = position;
  if (sentVoiceMs === 0) return '';
  const possible = sayableWords(text, sentMs);
  const ownPace = spokenLength(possible) / sentVoiceMs;
  return wholeWords(possible, charsWithin(possible, (isWhole ? ownPace : (pace ?? ownPace)) * heardVoiceMs));
}

/** How many characters of a text are spoken within so many letters. */
function charsWithin(text: string, letters: number): number {
  let length = 0;
  let chars = 0;
  for (const char of text) {
    length += lengthOf(char);
    if (length > letters) return chars;
    chars += char.length;
  }
  return chars;
}

/** The first characters, back to a whole word where the language puts spaces between words. */
function wholeWords(text: string, chars: number): string {
  if (chars >= text.length) return text;
  if (text.length > wordCharsMax && !text.includes(' ')) return text.slice(0, chars);
  const lastSpace = text.slice(0, chars + 1).lastIndexOf(' ');
  return lastSpace <= 0 ? '' : text.slice(0, lastSpace);
}
