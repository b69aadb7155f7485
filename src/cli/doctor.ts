import { parseArgs } from 'node:util';
import { loadSettings, writtenSettings } from '../config/load-settings.ts';
import type { Check, CheckFinding } from './doctor/check.ts';
import { diagnose } from './doctor/diagnose.ts';
import { findingLines, findingsJson, summaryLine } from './doctor/render.ts';
import { helpIfAsked } from './help.ts';

const usage = `Usage: npm run doctor -- [--offline | --model] [--json]
  Checks settings, address, Twilio account, number and model, and says what mends what is wrong. It holds a short talk with
  the model, which costs a few cents, and changes nothing. The exit code is 0 when nothing is wrong, else 1.
  --offline   only what needs no network
  --model     only the key and the model: setup, hearing, tool call, resumption
  --json      the findings as JSON, when all are there`;

interface Order {
  readonly wants: (check: Check) => boolean;
  readonly asJson: boolean;
}

async function main(): Promise<number> {
  let order: Order;
  try {
    order = readOrder();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  const findings: CheckFinding[] = [];
  await diagnose({
    load: () => loadSettings(process.env),
    written: writtenSettings(process.env),
    wants: order.wants,
    world: { nodeVersion: process.versions.node, unixMs: Date.now, route: (publicUrl) => publicUrl },
    tell(finding) {
      findings.push(finding);
      if (!order.asJson) console.log(findingLines(finding));
    },
  });
  console.log(order.asJson ? findingsJson(findings) : `\n${summaryLine(findings)}`);
  return findings.some(({ level }) => level === 'wrong') ? 1 : 0;
}

function readOrder(): Order {
  const { values } = parseArgs({
    options: { offline: { type: 'boolean' }, model: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const { offline = false, model = false, json = false } = values;
  if (offline && model)
    throw new RangeError('--offline and --model exclude each other: the model is asked over the network.');
  const wants = ({ group, isOffline }: Check): boolean => (model ? group === 'model' : !offline || isOffline === true);
  return { wants, asJson: json };
}

helpIfAsked(usage);
const exitCode = await main();
// A connection that nobody answers would keep the process alive.
process.exit(exitCode);
