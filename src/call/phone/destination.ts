/** Whom Twilio shall call. */
export interface DialTarget {
  readonly kind: 'number' | 'sip';
  /** A number in E.164, or a `sip:` or `sips:` address. */
  readonly address: string;
  /** The number that is shown there, in E.164; null for the caller's own. */
  readonly callerId: string | null;
  /** How long it rings, 5 to 60. */
  readonly ringSeconds: number;
  /** Tones that are sent once somebody answers, such as an extension: `0-9*#w`, a `w` is half a second. Empty for none. */
  readonly digits: string;
}

/** Where callers may be connected, under a name that the model knows. */
export interface Destination {
  /** Tried in this order; at least one. */
  readonly targets: readonly DialTarget[];
  /** `press1`: whoever answers hears who calls and why, and has the call only after pressing 1. `none`: whoever answers has it. */
  readonly accept: 'press1' | 'none';
  /** What is said to whoever answers, with `{{caller}}`, `{{reason}}` and `{{destination}}`; spoken by Twilio's own voice. */
  readonly announcement: string;
  /** BCP-47 tag of the language of those words; null for the one that Twilio's voice speaks anyway. */
  readonly language: string | null;
}

/** How long a number rings unless the admin says otherwise. */
export const ringSecondsUsual = 30;

/** A number that is called as Twilio calls numbers by itself. */
export function plainTarget(number: string): DialTarget {
  return { kind: 'number', address: number, callerId: null, ringSeconds: ringSecondsUsual, digits: '' };
}

/** The words with which a call is announced unless the admin writes others. */
export const usualAnnouncement = 'A call for {{destination}} from {{caller}}. {{reason}} To take it, press 1.';

/** What an announcement may hold between `{{` and `}}`. */
export const announcementNames = ['caller', 'reason', 'destination'] as const;

/** The longest reason that is spoken: some ten words. It comes from the model, and so from whatever the caller said. */
const reasonCharsMax = 120;

/** Twice read, about 40 s. Nobody listens longer before deciding. */
export const announcementCharsMax = 300;

/** The longest text that stands for a caller: the longest number, spelled. */
const callerCharsMax = 40;

/** What the one who is called hears before deciding. `caller` as Twilio gave it; null where it was withheld. */
export function announcementWords(
  { announcement }: Destination,
  filling: { readonly destination: string; readonly caller: string | null; readonly reason: string | null },
): string {
  const words: Readonly<Record<(typeof announcementNames)[number], string>> = {
    caller: spokenCaller(filling.caller),
    reason: sentence(filling.reason ?? ''),
    destination: filling.destination,
  };
  // One pass, so that a reason in which braces stand is spoken as it is.
  const filled = announcement.replaceAll(/\{\{(caller|reason|destination)\}\}/g, (_whole, name: string) =>
    name === 'caller' || name === 'reason' || name === 'destination' ? words[name] : '',
  );
  return tidy(filled).slice(0, announcementCharsMax + reasonCharsMax + callerCharsMax);
}

/** A reason of the model as it may be spoken: one line, and not long. */
export function shortReason(reason: string): string | null {
  const short = tidy(reason).slice(0, reasonCharsMax);
  return short === '' ? null : short;
}

/** Digit by digit, because a voice reads a long number as billions. A caller without a number is named by the first part of its address. */
function spokenCaller(caller: string | null): string {
  if (caller === null) return 'a withheld number';
  if (/^\+?\d+$/.test(caller)) return caller.replaceAll(/\d(?=\d)/g, '$& ').slice(0, callerCharsMax);
  const [name = ''] = caller.replace(/^\w+:/, '').split('@');
  return (
    name
      .replaceAll(/[^\p{L}\d]+/gu, ' ')
      .trim()
      .slice(0, callerCharsMax) || 'a withheld number'
  );
}

function sentence(text: string): string {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

function tidy(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}
