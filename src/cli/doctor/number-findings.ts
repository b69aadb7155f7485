import { paths } from '../../twilio/paths.ts';
import { connectionOverrides } from '../../twilio/twiml.ts';
import { type Finding, ok, warning, wrong } from './check.ts';

/** What Twilio knows of a number (TW-REST-5). */
interface IncomingNumber {
  readonly phoneNumber: string;
  readonly capabilities: { readonly voice?: boolean };
  readonly voiceUrl: string;
  readonly voiceMethod: string;
  readonly voiceFallbackUrl: string;
  readonly statusCallback: string;
  readonly statusCallbackMethod: string;
  readonly voiceApplicationSid: string;
  readonly trunkSid: string;
}

/** The words that Twilio knows as a retry policy (TW-HOOK-6). */
const policies: ReadonlySet<string> = new Set(['ct', 'rt', '4xx', '5xx', 'all']);

const byHand = 'in the Twilio console under Phone Numbers, or with npm run setup';

/** What is wrong with the numbers that lead, or should lead, to this address. */
export function numberFindings(numbers: readonly IncomingNumber[], publicUrl: string): Finding[] {
  const wanted = `${publicUrl}${paths.voice}${connectionOverrides}`;
  const set = `Set "A call comes in" to ${wanted}, method POST, ${byHand}.`;
  if (numbers.length === 0)
    return [wrong('the account has no number.', `Buy one at https://console.twilio.com. ${set}`)];
  const ours = numbers.filter(({ voiceUrl }) => originOf(voiceUrl) === publicUrl);
  if (ours.length > 0) return ours.flatMap((number) => findingsOf(number, publicUrl, set));
  const lost = numbers.filter(({ voiceUrl }) => URL.parse(voiceUrl)?.pathname === paths.voice);
  const candidates = lost.length > 0 ? lost : numbers;
  const named = candidates
    .slice(0, 3)
    .map(({ phoneNumber, voiceUrl }) => `${phoneNumber} asks ${originOf(voiceUrl) ?? 'nobody'}`);
  return [wrong(`no number leads to ${publicUrl}: ${named.join(', ')}.`, set)];
}

function findingsOf(number: IncomingNumber, publicUrl: string, set: string): Finding[] {
  const { phoneNumber } = number;
  const fatal = [...unanswered(number), ...misled(number, publicUrl)].map((what) =>
    wrong(`${phoneNumber} ${what}.`, set),
  );
  const found = [
    ...fatal,
    ...methodFindings(number, set),
    ...retryFindings(number, set),
    ...fallbackFindings(number, publicUrl),
    ...statusFindings(number, publicUrl),
  ];
  return found.length > 0 ? found : [ok(`${phoneNumber} leads here, with retries, fallback and status callback.`)];
}

/** Why the voice URL would not be asked at all. */
function unanswered({ capabilities, voiceApplicationSid, trunkSid }: IncomingNumber): string[] {
  return [
    ...(capabilities.voice === false ? ['takes no calls, only messages; another number is needed'] : []),
    ...(voiceApplicationSid
      ? ['belongs to a TwiML app, so that its own voice URL is not asked; take the app off']
      : []),
    ...(trunkSid ? ['belongs to a SIP trunk, so that its own voice URL is not asked; take the trunk off'] : []),
  ];
}

function misled({ voiceUrl }: IncomingNumber, publicUrl: string): string[] {
  const url = URL.parse(voiceUrl);
  return [
    ...(url?.pathname === paths.voice ? [] : [`asks the path ${url?.pathname ?? ''}, where Parley does not answer`]),
    ...(url?.search ? ['asks with a query, which Parley does not know'] : []),
    ...(voiceUrl.startsWith(`${publicUrl}/`)
      ? []
      : ['writes the address in another way than PUBLIC_URL, so that the signatures may not fit']),
  ];
}

/** By GET, the form of a call is in its address, which proxies write down. */
function methodFindings({ phoneNumber, voiceMethod }: IncomingNumber, set: string): Finding[] {
  if (voiceMethod === 'POST') return [];
  return [warning(`${phoneNumber} asks by ${voiceMethod}: the numbers of callers get into the logs of proxies.`, set)];
}

/** Without retries, a restart of a second costs the calls that come in it. */
function retryFindings({ phoneNumber, voiceUrl }: IncomingNumber, set: string): Finding[] {
  const given = new URLSearchParams(URL.parse(voiceUrl)?.hash.slice(1) ?? '');
  const words = given.get('rp')?.split(',') ?? [];
  const unknown = words.find((word) => !policies.has(word));
  if (unknown !== undefined)
    return [
      wrong(
        `${phoneNumber} has a retry policy "${unknown}" behind the #, which Twilio does not know: it would ask nobody.`,
        set,
      ),
    ];
  const isUsual = Number(given.get('rc') ?? '1') > 1 && (words.includes('all') || words.includes('5xx'));
  return isUsual ? [] : [warning(`${phoneNumber} gives up early when Parley cannot be reached, as in a restart.`, set)];
}

function fallbackFindings({ phoneNumber, voiceFallbackUrl }: IncomingNumber, publicUrl: string): Finding[] {
  const advice = `Set "Primary handler fails" to something that does not depend on Parley, such as a TwiML Bin, ${byHand}.`;
  if (!voiceFallbackUrl)
    return [warning(`${phoneNumber} has no fallback URL: without Parley, callers hear an error message.`, advice)];
  return originOf(voiceFallbackUrl) === publicUrl
    ? [warning(`${phoneNumber} has a fallback URL at Parley itself, which is down when it is needed.`, advice)]
    : [];
}

/** Without it, a call that Twilio ends in an unusual way stays live until its longest duration. */
function statusFindings(
  { phoneNumber, statusCallback, statusCallbackMethod }: IncomingNumber,
  publicUrl: string,
): Finding[] {
  const advice = `Set "Call status changes" to ${publicUrl}${paths.status}${connectionOverrides}, method POST, ${byHand}.`;
  if (!statusCallback)
    return [warning(`${phoneNumber} has no status callback, so that Parley learns late of some ends.`, advice)];
  const url = URL.parse(statusCallback);
  if (originOf(statusCallback) !== publicUrl || url?.pathname !== paths.status)
    return [
      wrong(
        `the status callback of ${phoneNumber} goes to ${originOf(statusCallback) ?? 'no address'}${url?.pathname ?? ''}.`,
        advice,
      ),
    ];
  return statusCallbackMethod === 'POST'
    ? []
    : [
        wrong(
          `the status callback of ${phoneNumber} comes by ${statusCallbackMethod}, and Parley takes POST only.`,
          advice,
        ),
      ];
}

function originOf(url: string): string | null {
  return URL.parse(url)?.origin ?? null;
}
