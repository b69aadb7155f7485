import { isPublic } from '../../config/parsers.ts';
import { type Asker, triesMax } from './asker.ts';
import { assignment, withSettings } from './env-edit.ts';
import { changeLines, type NumberRoute, type OwnNumber, routeHere } from './number-change.ts';
import { OwnNumbers, type TwilioAccount } from './own-numbers.ts';
import type { SettingsFile } from './settings-file.ts';
import { SetupFailure } from './setup-failure.ts';
import { tunnelLines } from './tunnels.ts';
import type { UndoFile } from './undo-file.ts';
import {
  doubtsOfNeeded,
  formProblem,
  formWarnings,
  isAddress,
  isSecret,
  missingSettings,
  settingsToAsk,
  type Wanted,
} from './wanted.ts';

const portDefault = 8080;

/** Without which no number can point here. */
const accessSettings: ReadonlySet<string> = new Set(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'PUBLIC_URL']);

/** What the set-up is to do, and what it has of the world. */
export interface SetupOrder {
  /** Settings that were given with the command. */
  readonly given: ReadonlyMap<string, string>;
  /** The number that shall point here, in E.164; null: asked for, or none without a person. */
  readonly number: string | null;
  readonly fallbackUrl: string | null;
  /** Whether everything is agreed to. */
  readonly isAgreed: boolean;
  /** Null without a terminal. */
  readonly asker: Asker | null;
  readonly file: SettingsFile;
  readonly undoFile: UndoFile;
  readonly path: string;
  readonly twilioHttp?: TwilioAccount['http'];
  readonly say: (line: string) => void;
}

/** Asks for what is missing, writes it, and points a number here. Throws a SetupFailure when it cannot. */
export async function setUp(order: SetupOrder): Promise<void> {
  const { file, say } = order;
  const settings = new Map(order.given);
  for (const [name, value] of settings) {
    checkForm(name, value);
    sayDoubts(name, value, say);
  }
  say(file.exists ? `The settings are in ${file.path}.` : `The settings will be in ${file.path}.`);
  const kept = [...file.values()].filter(([name]) => !settings.has(name));
  for (const doubt of doubtsOfNeeded(new Map(kept))) say(`In it, ${doubt}`);
  const known = (): ReadonlyMap<string, string> => new Map([...file.values(), ...settings]);
  for (const wanted of settingsToAsk(known(), order.given)) {
    const value = await askFor(wanted, known(), order);
    if (value !== null) settings.set(wanted.name, value);
  }
  const changed = new Map([...settings].filter(([name, value]) => file.values().get(name) !== value));
  const missing = missingSettings(known()).map(({ name }) => name);
  const isWhole = missing.length === 0;
  if (changed.size > 0) await writeSettings(changed, order);
  else if (isWhole) say('Nothing to write.');
  if (!isWhole && order.asker !== null)
    say(`Without ${missing.join(', ')} no real call is answered: npm run setup asks for that again.`);
  await leadNumber(known(), order);
  if (isWhole)
    say('Next: npm run doctor, which checks all of it, and npm start. A Parley that runs has to be started again.');
}

/** Gives a number back what it had before the set-up changed it last. Throws a SetupFailure when it cannot. */
export async function undoSetUp(order: SetupOrder): Promise<void> {
  const { undoFile, say } = order;
  const step = undoFile.latest();
  if (step === null) throw new SetupFailure('There is nothing to undo: npm run setup has changed no number.');
  const numbers = new OwnNumbers(accountOf(order.file.values(), order));
  const number = (await numbers.list()).find(({ sid }) => sid === step.sid);
  if (number === undefined) throw new SetupFailure(`The account has no number ${step.phoneNumber} any more.`);
  if (changeLines(number.route, step.before).length === 0) {
    undoFile.pop();
    return say(`${step.phoneNumber} is as it was.`);
  }
  if (changeLines(number.route, step.after).length > 0)
    say(`${step.phoneNumber} was changed since by somebody else; that would be lost as well.`);
  if (await changeNumber(numbers, number, step.before, order)) undoFile.pop();
}

/** Asks for one setting until it has the right form; null when the person leaves it out, or has no right one at hand. */
async function askFor(wanted: Wanted, known: ReadonlyMap<string, string>, order: SetupOrder): Promise<string | null> {
  const { asker, say } = order;
  const { name, question, where } = wanted;
  if (asker === null) return null;
  say('');
  if (name === 'PUBLIC_URL')
    for (const line of tunnelLines(Number(known.get('PORT') ?? portDefault), order.path)) say(line);
  const current = known.get(name);
  say(`${question}. Where: ${where}. ${emptyWords(name, current)}`);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const value = isSecret(name) ? await asker.askSecret(`${name} (not shown): `) : await asker.ask(`${name}: `);
    if (value === '') return null;
    const problem = formProblem(name, value);
    if (problem !== null) say(problem);
    else if (await isMeant(name, value, asker, say)) return value;
  }
  // What was answered before is not to be typed again for this one.
  const fate = current === undefined ? 'left out' : 'not changed';
  say(`${name} was not right ${triesMax} times, so it is ${fate}. The other answers are kept.`);
  return null;
}

/** What a wrong value holds, such as a token in another's place, is not shown. */
function emptyWords(name: string, current: string | undefined): string {
  if (current === undefined) return 'Empty leaves it out.';
  return isShowable(name, current) ? `Empty keeps ${current}.` : 'Empty leaves it as it is.';
}

function isShowable(name: string, value: string): boolean {
  return !isSecret(name) && formProblem(name, value) === null;
}

/** Keys of tomorrow may look otherwise, so a person may insist on what is doubtful. */
async function isMeant(name: string, value: string, asker: Asker, say: SetupOrder['say']): Promise<boolean> {
  const warnings = formWarnings(name, value);
  for (const warning of warnings) say(warning);
  if (warnings.length === 0) return true;
  const question = 'Take it all the same?';
  return isSecret(name) ? asker.confirmSecret(question) : asker.confirm(question);
}

function sayDoubts(name: string, value: string, say: SetupOrder['say']): void {
  for (const warning of formWarnings(name, value)) say(`${warning} It is taken all the same.`);
}

function checkForm(name: string, value: string): void {
  const problem = formProblem(name, value);
  if (problem !== null) throw new SetupFailure(problem);
}

/** Shows what will be written, asks, and writes it. */
async function writeSettings(changed: ReadonlyMap<string, string>, order: SetupOrder): Promise<void> {
  const { file, say } = order;
  const before = file.values();
  const text = withSettings(file.text, changed);
  say('');
  say(`In ${file.path}:`);
  for (const [name, value] of changed) {
    const old = before.get(name);
    say(`  ${old === undefined ? '' : `${shown(name, old)} → `}${shown(name, value)}`);
  }
  if (!(await isAgreed('Write that?', order))) throw new SetupFailure('Nothing was written.');
  const backup = file.write(text);
  say(`Written, for your eyes alone (mode 600).${backup === null ? '' : ` The old file is ${backup}.`}`);
}

function shown(name: string, value: string): string {
  return isShowable(name, value) ? assignment(name, value) : `${name}=(${value.length} characters, not shown)`;
}

/** Points a number to this service, if that is wanted. */
async function leadNumber(values: ReadonlyMap<string, string>, order: SetupOrder): Promise<void> {
  const { asker, say } = order;
  if (order.number === null && asker === null) return;
  const publicUrl = values.get('PUBLIC_URL');
  const hasAccess = publicUrl !== undefined && !missingSettings(values).some(({ name }) => accessSettings.has(name));
  if (!hasAccess && order.number === null)
    return say('Without Twilio’s account and PUBLIC_URL no number can point here.');
  if (!hasAccess)
    throw new SetupFailure('To point a number here takes TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and PUBLIC_URL.');
  if (!isPublic(publicUrl)) {
    const why = `PUBLIC_URL is ${publicUrl}, which Twilio cannot reach, so no number can point here.`;
    if (order.number !== null) throw new SetupFailure(why);
    return say(why);
  }
  say('');
  if (order.number === null && asker !== null && !(await asker.confirm('Point a number of your account here?'))) return;
  const numbers = new OwnNumbers(accountOf(values, order));
  const number = await chosen(await numbers.list(), order);
  if (number === null) return;
  const fallbackUrl = order.fallbackUrl ?? (await askFallback(number, asker));
  const route = routeHere(number.route, originOf(publicUrl), fallbackUrl);
  if (changeLines(number.route, route).length === 0) return say(`${number.phoneNumber} points here already.`);
  const step = { sid: number.sid, phoneNumber: number.phoneNumber, before: number.route, after: route };
  const isDone = await changeNumber(numbers, number, route, order, () => order.undoFile.push(step));
  if (isDone) say('npm run setup -- --undo takes that back.');
}

async function chosen(numbers: readonly OwnNumber[], order: SetupOrder): Promise<OwnNumber | null> {
  const { asker, say } = order;
  const able = numbers.filter(({ takesCalls }) => takesCalls);
  if (able.length === 0)
    throw new SetupFailure('The account has no number that takes calls. Buy one at https://console.twilio.com.');
  if (order.number !== null || asker === null) return named(able, order.number ?? '');
  for (const [index, { phoneNumber, friendlyName, route }] of able.entries())
    say(`  ${index + 1}  ${phoneNumber}  ${friendlyName}  ${route.voiceUrl || 'leads nowhere'}`);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const answer = await asker.ask('Which one (its place in the list; empty for none)? ');
    if (answer === '') return null;
    const number = /^\d{1,3}$/.test(answer) ? able[Number(answer) - 1] : undefined;
    if (number !== undefined) return number;
    say(`There is no number ${answer} in the list.`);
  }
  return null;
}

function named(numbers: readonly OwnNumber[], wanted: string): OwnNumber {
  const plain = wanted.replaceAll(/[\s().-]/g, '');
  const number = numbers.find(({ phoneNumber }) => phoneNumber === plain);
  if (number !== undefined) return number;
  const all = numbers.map(({ phoneNumber }) => phoneNumber).join(', ');
  throw new SetupFailure(`The account has no number ${wanted} that takes calls. It has ${all}.`);
}

/** Callers need it when Parley is down, so it must not be at Parley. */
async function askFallback({ route }: OwnNumber, asker: Asker | null): Promise<string | null> {
  if (asker === null || route.voiceFallbackUrl !== '') return null;
  const answer = await asker.ask(
    'Fallback URL for when Parley cannot be reached, such as a TwiML Bin (empty for none): ',
  );
  if (answer === '' || isAddress(answer)) return answer === '' ? null : answer;
  throw new SetupFailure('That is no address. The number was not changed.');
}

/** Shows what changes at a number, asks, and changes it. `keep` is called before. Returns whether it was changed. */
async function changeNumber(
  numbers: OwnNumbers,
  { sid, phoneNumber, route }: OwnNumber,
  after: NumberRoute,
  order: SetupOrder,
  keep: () => void = () => {},
): Promise<boolean> {
  const { say } = order;
  say(`${phoneNumber}:`);
  for (const line of changeLines(route, after)) say(line);
  if (!(await isAgreed(`Change ${phoneNumber}?`, order))) {
    say('The number was not changed.');
    return false;
  }
  keep();
  await numbers.change(sid, route, after);
  say('Changed.');
  return true;
}

/** Without a person, only what was agreed to beforehand is done. */
async function isAgreed(question: string, { isAgreed: agreed, asker }: SetupOrder): Promise<boolean> {
  if (agreed) return true;
  if (asker !== null) return asker.confirm(question);
  throw new SetupFailure('Nothing was changed: without a terminal, --yes agrees to what is shown.');
}

function accountOf(values: ReadonlyMap<string, string>, { twilioHttp }: SetupOrder): TwilioAccount {
  const accountSid = values.get('TWILIO_ACCOUNT_SID');
  const authToken = values.get('TWILIO_AUTH_TOKEN');
  if (accountSid === undefined || authToken === undefined)
    throw new SetupFailure(
      'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not in the file: npm run setup asks for them.',
    );
  return { accountSid, authToken, ...(twilioHttp === undefined ? {} : { http: twilioHttp }) };
}

function originOf(publicUrl: string): string {
  return new URL(publicUrl).origin;
}
