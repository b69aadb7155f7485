import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { envFileVariable } from '../../config/env-file/read-env-file.ts';
import { packageFolder, settingPath } from '../../config/package-folder.ts';
import { TerminalAsker } from './asker.ts';
import type { TwilioAccount } from './own-numbers.ts';
import { setUp, type SetupOrder, undoSetUp } from './run-setup.ts';
import { SettingsFile } from './settings-file.ts';
import { SetupFailure } from './setup-failure.ts';
import { UndoFile } from './undo-file.ts';
import { formProblem, isAddress, isSetting, missingSettings } from './wanted.ts';

/** What the command is run with. */
export interface SetupWorld {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody sits at a terminal. */
  readonly hasTerminal: boolean;
  /** Where changes of numbers are kept, to be undone. */
  readonly undoPath?: string;
  readonly twilioHttp?: TwilioAccount['http'];
}

/** Runs the command. Returns its exit code: 0 when it is done, 1 when something was missing or in the way, 2 for wrong options. */
export async function startSetup(world: SetupWorld): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(world);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  const asker = world.hasTerminal && !options.isAgreed ? new TerminalAsker() : null;
  try {
    const order = orderOf(options, world, asker);
    if (options.isUndo) await undoSetUp(order);
    else {
      await setUp(order);
      if (asker === null) return reportMissing(order);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    asker?.close();
  }
}

function readOptions({ args, env }: SetupWorld) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      set: { type: 'string', multiple: true, default: [] },
      number: { type: 'string' },
      'fallback-url': { type: 'string' },
      undo: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  });
  const fallbackUrl = values['fallback-url'] ?? null;
  if (fallbackUrl !== null && !isAddress(fallbackUrl))
    throw new RangeError('--fallback-url wants an address, such as https://handler.twilio.com/twiml/EH….');
  return {
    given: new Map(values.set.map((text) => givenSetting(text, env))),
    number: values.number ?? null,
    fallbackUrl,
    isUndo: values.undo,
    isAgreed: values.yes,
  };
}

/** `NAME=value`, or `NAME` for what the environment has under it: so a key stands in no list of processes. */
function givenSetting(text: string, env: SetupWorld['env']): [string, string] {
  const [name = '', ...rest] = text.split('=');
  const value = rest.length === 0 ? env[name]?.trim() : rest.join('=').trim();
  if (!isSetting(name)) throw new RangeError(formProblem(name, '') ?? '');
  if (value === undefined || value === '')
    throw new RangeError(`--set ${name} has no value: neither here nor in the environment.`);
  return [name, value];
}

function orderOf(options: ReturnType<typeof readOptions>, world: SetupWorld, asker: TerminalAsker | null): SetupOrder {
  const { env, undoPath = join(packageFolder, 'data', 'setup-undo.json'), twilioHttp } = world;
  return {
    ...options,
    asker,
    file: new SettingsFile(settingsPath(env)),
    undoFile: new UndoFile(undoPath),
    path: env.PATH ?? '',
    say: (line) => console.log(line),
    ...(twilioHttp === undefined ? {} : { twilioHttp }),
  };
}

/** The file that Parley reads. */
function settingsPath(env: SetupWorld['env']): string {
  const named = env[envFileVariable]?.trim() ?? '';
  if (named.toLowerCase() === 'off')
    throw new SetupFailure(
      `${envFileVariable} is "off", and Parley would not read what is written. Unset it, or name a file.`,
    );
  return settingPath(named === '' ? '.env' : named);
}

/** Without a person, what is missing or wrong is told in place of asked for. */
function reportMissing({ file }: SetupOrder): number {
  const values = new SettingsFile(file.path).values();
  const missing = missingSettings(values);
  for (const { name, question, where } of missing)
    console.error(
      `${name} is ${values.has(name) ? 'wrong' : 'missing'} (${question}; ${where}): --set ${name}=…, or --set ${name} if the environment has it.`,
    );
  return missing.length === 0 ? 0 : 1;
}
