/** What replaces texts of a call. */
export interface TextReplacement {
  /** Words by words of the same length: every letter and digit is replaced, everything else stays. */
  text(text: string): string;
  /** The same every time, for what is compared: ids, and names of destinations. */
  name(name: string): string;
}

const letterOrDigitRun = /[\p{L}\p{M}]+|\p{N}+/gu;

/** Nonsense that can be spoken: two letters each, so that any length can be made. */
const syllables = ['ba', 'de', 'fi', 'go', 'ku', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'wo', 'zu'];

/** Twilio's ids: a kind in two letters and 32 hexadecimal digits. */
const sidPattern = /^[A-Z]{2}[0-9a-f]{32}$/;

/** From so many digits on, a number may be somebody's telephone. */
const phoneDigitsMin = 8;

/** No more tries than this to find a stand-in without a known value in it. A text of many known values has short ones among them. */
const triesMax = 1_000;

/**
 * What stands in a scrubbed log for something personal: nonsense words, small numbers, and phone numbers that nobody has. Shapes and
 * lengths stay, because the call goes by them.
 */
export class StandIns implements TextReplacement {
  readonly #known: readonly string[];
  readonly #names = new Map<string, string>();
  #count = 0;

  /** `known`: values, in lower case, that must not come about by chance. */
  constructor(known: readonly string[]) {
    this.#known = known;
  }

  /** What stands in for names so far. */
  get names(): readonly string[] {
    return [...this.#names.values()];
  }

  text(text: string): string {
    // What is a name elsewhere is that name here too, so that a tool's argument still names its destination.
    return (
      this.#names.get(text) ?? text.replaceAll(letterOrDigitRun, (run) => this.#fresh((count) => sameShape(run, count)))
    );
  }

  name(name: string): string {
    let standIn = this.#names.get(name);
    if (standIn === undefined) {
      standIn = this.#newName(name);
      this.#names.set(name, standIn);
    }
    return standIn;
  }

  #newName(name: string): string {
    if (sidPattern.test(name)) return this.#fresh((count) => name.slice(0, 2) + digits(count, 32));
    return this.text(name);
  }

  #fresh(make: (count: number) => string): string {
    let standIn = '';
    for (let tries = 0; tries < triesMax; tries += 1) {
      this.#count += 1;
      standIn = make(this.#count);
      const text = standIn.toLowerCase();
      if (!this.#known.some((value) => text.includes(value))) break;
    }
    return standIn;
  }
}

/** The shape of a text: `x` for every letter and 0 for every digit. */
export function shapeOf(text: string): string {
  return text.replaceAll(letterOrDigitRun, (run) => (isDigits(run) ? '0' : 'x').repeat(run.length));
}

function sameShape(run: string, count: number): string {
  return isDigits(run) ? digits(count, run.length) : withCaseOf(run, word(count, run.length));
}

function isDigits(run: string): boolean {
  return /^\p{N}/u.test(run);
}

/** The area code 555 is nobody's. */
function digits(count: number, length: number): string {
  return ((length < phoneDigitsMin ? '' : '1555') + String(count).repeat(length)).slice(0, length);
}

/** Each count gives another row of syllables (the multiplier and modulus are those of Park and Miller). */
function word(count: number, length: number): string {
  let text = '';
  for (let state = count; text.length < length;) {
    state = (state * 16_807) % 2_147_483_647;
    text += syllables[state % syllables.length] ?? '';
  }
  return text.slice(0, length);
}

function withCaseOf(model: string, text: string): string {
  return text
    .split('')
    .map((letter, index) => (isUpperCase(model.charAt(index)) ? letter.toUpperCase() : letter))
    .join('');
}

function isUpperCase(letter: string): boolean {
  return letter !== letter.toLowerCase();
}
