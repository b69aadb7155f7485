import { parseArgs } from 'node:util';
import { startSettings } from '../config/load/start-settings.ts';
import { writtenSettings } from '../config/load-settings.ts';
import { ParleyError } from '../errors.ts';
import type { Check, CheckFinding } from './doctor/check.ts';
import { diagnose } from './doctor/diagnose.ts';
import { findingLines, findingsJson, summaryLine } from './doctor/render.ts';
import { type Command, startCommand, type Terminal } from './terminal/terminal.ts';

const usage = `Usage: npm run doctor -- [--offline | --model] [--json]
  Checks settings, address, Twilio account, number and model, and says what mends what is wrong. It holds a short talk with
  the model, which costs a few cents, and changes nothing. The exit code is 0 when nothing is wrong, else 1, and
  2 for wrong options.
  --offline   only what needs no network
  --model     only the key and the model: setup, hearing, tool call, resumption
  --json      the findings as JSON, when all are there`;

interface Order {
  readonly wants: (check: Check) => boolean;
  readonly asJson: boolean;
}

async function main({ args, env, print }: Terminal): Promise<number> {
  const order = readOrder(args);
  const findings: CheckFinding[] = [];
  await diagnose({
    load: () => startSettings(env),
    written: writtenSettings(env),
    wants: order.wants,
    world: { env, nodeVersion: process.versions.node, unixMs: Date.now, route: (publicUrl) => publicUrl },
    tell(finding) {
      findings.push(finding);
      if (!order.asJson) print(findingLines(finding));
    },
  });
  print(order.asJson ? findingsJson(findings) : `\n${summaryLine(findings)}`);
  return findings.some(({ level }) => level === 'wrong') ? 1 : 0;
}

function readOrder(args: readonly string[]): Order {
  const { values } = parseArgs({
    args: [...args],
    options: { offline: { type: 'boolean' }, model: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const { offline = false, model = false, json = false } = values;
  if (offline && model)
    throw new ParleyError(
      'config.invalid',
      `--offline and --model exclude each other: the model is asked over the network.\n${usage}`,
    );
  const wants = ({ group, isOffline }: Check): boolean => (model ? group === 'model' : !offline || isOffline === true);
  return { wants, asJson: json };
}

export const doctorCommand: Command = { usage, run: main };

// A connection that nobody answers would keep the process alive.
if (import.meta.main) await startCommand(doctorCommand, 'atOnce');
