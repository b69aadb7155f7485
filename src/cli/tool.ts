import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadSettings, namedPath } from '../config/load-settings.ts';
import { settingPath } from '../config/package-folder.ts';
import { isJsonObject, type JsonObject, parseJson } from '../encoding/json.ts';
import { ParleyError } from '../errors.ts';
import { openAgentTools } from '../service/agent-tools.ts';
import { createDeskLogger } from '../system/logger.ts';
import { builtInTools } from '../tools/built-in.ts';
import { trialContext } from '../tools/trial-context.ts';
import type { ServedCall, Tool } from '../tools/tool.ts';
import { inTheWay, writeFiles } from './new-files.ts';
import { type Command, startCommand, type Terminal } from './terminal/terminal.ts';
import { type DeskOutcome, runAtDesk } from './tool/desk-run.ts';
import { newToolFiles } from './tool/new-tool.ts';
import { toolList } from './tool/tool-list.ts';

const usage = `Usage: npm run tool -- [name] ['{"query":"A1042"}'] [options]
  Runs a tool at the desk, with the settings of the service, and prints what the model would be told. Without a name it lists the tools.
  --from NUMBER  the number of the caller, such as +15550111
  --to NUMBER    the number that was called
  --really       runs a tool that changes something or tells somebody
  --new NAME     writes a new tool and its test into the folder of tools (TOOLS_DIR)
  --test         runs the tests of that folder`;

/** Exits with 1 when the tool or a test fails, and with 2 when it could not be run. */
async function main(terminal: Terminal): Promise<number> {
  const { env } = terminal;
  const { values, positionals } = parseArgs({
    args: [...terminal.args],
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      really: { type: 'boolean' },
      new: { type: 'string' },
      test: { type: 'boolean' },
    },
  });
  const [name, args = '{}', ...rest] = positionals;
  if (rest.length > 0)
    fail(`There is more than a name and its arguments: ${rest.join(' ')}. Put quotes around the JSON.`);
  const folder = namedPath(env, 'TOOLS_DIR') ?? settingPath('tools');
  if (values.new !== undefined) return writeTool(values.new, folder, terminal);
  if (values.test === true) return runTests(folder);
  return useTools(terminal, name, { args, from: values.from, to: values.to, really: values.really === true });
}

interface Wanted {
  readonly args: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly really: boolean;
}

async function useTools(terminal: Terminal, name: string | undefined, wanted: Wanted): Promise<number> {
  const { env, print, complain } = terminal;
  const config = loadSettings(env);
  const lines: JsonObject[] = [];
  const log = createDeskLogger('info', {
    write(line: string) {
      const fields = parseJson(line);
      if (isJsonObject(fields)) lines.push(fields);
    },
  });
  // Records of LOOKUP_FILE are looked up as in the service, in a process of their own.
  const builtIn = builtInTools({ lookupTable: null, destinations: [...config.transferDestinations.keys()] });
  const { tools, searches, warnings, close } = await openAgentTools(config, { builtIn, log, env });
  try {
    for (const warning of warnings) complain(warning);
    if (name === undefined) {
      print(toolList(tools.values(), searches));
      return 0;
    }
    if (searches.includes(name))
      fail(`The model carries out "${name}" by itself, at Google: there is nothing to run here.`);
    const tool = tools.get(name) ?? fail(`There is no tool "${name}". The tools are: ${[...tools.keys()].join(', ')}.`);
    const args = argumentsOf(wanted.args);
    if (tool.effect === 'write' && !wanted.really) {
      fail(`${name} changes something or tells somebody. Add --really to run it.`);
    }
    const call = { ...trialContext().call, from: number('--from', wanted.from), to: number('--to', wanted.to) };
    return await tryTool(terminal, tool, args, call, { log, lines });
  } finally {
    await close();
  }
}

interface DeskLog {
  readonly log: ReturnType<typeof createDeskLogger>;
  readonly lines: readonly JsonObject[];
}

async function tryTool(
  { print, complain }: Terminal,
  tool: Tool,
  args: JsonObject,
  call: ServedCall,
  { log, lines }: DeskLog,
): Promise<number> {
  // What was logged before tells of how the tools were opened.
  const linesBefore = lines.length;
  const outcome = await runAtDesk(tool, args, call, log);
  print(`The model is told${outcome.silent ? ', and shall not speak of it' : ''}:\n`);
  print(JSON.stringify(outcome.told, null, 2));
  print(`\nThat took ${outcome.tookMs.toFixed(0)} ms.${fate(outcome)}`);
  // What was called is known at the desk.
  const said = lines.slice(linesBefore).filter(({ msg }) => msg !== 'toolCalled');
  if (said.length > 0) print('\nIt logged:');
  for (const { level, msg, time: _time, tool: _tool, ...fields } of said) {
    print(`  ${String(level).padEnd(5)} ${String(msg)} ${JSON.stringify(fields)}`);
  }
  // A lookup that could not be made says so to the model in an answer of its own.
  if (outcome.fault === null)
    return outcome.told['status'] === 'failed' || outcome.told['status'] === 'unknown' ? 1 : 0;
  complain(`\nIt did not work: ${outcome.fault}.`);
  return outcome.fault === 'tool.argumentsInvalid' ? 2 : 1;
}

function fate({ leave }: DeskOutcome): string {
  if (leave === null) return '';
  if (leave.kind === 'transfer') return ` The caller would be connected with ${leave.destination}.`;
  return leave.kind === 'message' ? ' The caller would be asked for a message.' : ' The call would end.';
}

function argumentsOf(text: string): JsonObject {
  const args = parseJson(text);
  if (isJsonObject(args)) return args;
  return fail(
    `The arguments are no JSON object: ${text}\nWrite them in quotes of the shell, such as '{"query":"A1042"}'.`,
  );
}

function number(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  return /^\+\d{5,15}$/.test(text) ? text : fail(`${option} wants a number such as +15550111, and not "${text}".`);
}

function writeTool(name: string, folder: string, { print }: Terminal): number {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    fail(`--new wants a name of small letters, digits and "_", such as opening_hours, and not "${name}".`);
  }
  const files = newToolFiles(name);
  const problem = inTheWay(folder, Object.keys(files)) ?? writeFiles(folder, files);
  if (problem !== null) fail(problem);
  for (const file of Object.keys(files)) print(`Written: ${join(folder, file)}`);
  print(`Try it: npm run tool -- ${name} '{"query":"delivery"}', and its test: npm run tool -- --test`);
  return 0;
}

/** Node's own runner: nothing needs to be installed for it, and it finds what tools import. */
function runTests(folder: string): number {
  const hook = fileURLToPath(new URL('../tool-process/child/offer-packages.ts', import.meta.url));
  const pattern = join(folder, '**', '*.test.{ts,js}');
  const { status } = spawnSync(process.execPath, [`--import=${hook}`, '--test', pattern], { stdio: 'inherit' });
  return status === 0 ? 0 : 1;
}

function fail(problem: string): never {
  throw new ParleyError('config.invalid', problem);
}

export const toolCommand: Command = { usage, run: main };

if (import.meta.main) await startCommand(toolCommand);
