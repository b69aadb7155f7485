/**
 * Plays callers who come faster than processes start, in virtual time: `npm run ramp`. Prints a table in Markdown, and exits with 1 when a
 * fleet refuses somebody that has as many processes as the callers want in the end.
 */
import { parseArgs } from 'node:util';
import { ParleyError } from '../../src/errors.ts';
import { startCommand } from '../../src/cli/terminal/terminal.ts';
import { wholeNumberOption } from '../../src/cli/terminal/whole-number-option.ts';
import { type Ramp, RampedFleet, type RampMoment } from './ramped-fleet.ts';
import { readScalingManifest, type ScalingManifest } from './scaling-manifest.ts';
import { draws, smallestFleet } from './smallest-fleet.ts';

const usage = `Usage: npm run ramp -- [options]
  Plays callers who come evenly from 0 on and stay, and the autoscaler of deploy/kubernetes, beside the real rules of leases.
  --calls N          how many come; 600 unless set
  --seconds N        in which time; 60 unless set
  --start-seconds N  how long a process takes to start; 30 unless set
  --carries N        how many calls a process takes before it refuses; as deploy/kubernetes has it unless set`;

/** What a command plays in some seconds. */
const optionsMax = { calls: 10_000, seconds: 3_600, 'start-seconds': 600, carries: 1_000 };

/** The table has so many steps until all have come, and goes on for half as long. */
const steps = 6;

function rampAsked(manifest: ScalingManifest): { readonly ramp: Ramp; readonly scaling: ScalingManifest } {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '600' },
      seconds: { type: 'string', default: '60' },
      'start-seconds': { type: 'string', default: '30' },
      carries: { type: 'string', default: `${manifest.callsCarried}` },
    },
  });
  const bounded = (option: keyof typeof optionsMax): number => {
    const number = wholeNumberOption(`--${option}`, values[option], 1);
    if (number > optionsMax[option])
      throw new ParleyError('config.invalid', `--${option} wants ${optionsMax[option]} at most.`);
    return number;
  };
  const [calls, rampMs, startMs] = [bounded('calls'), 1_000 * bounded('seconds'), 1_000 * bounded('start-seconds')];
  return { ramp: { calls, rampMs, startMs }, scaling: { ...manifest, callsCarried: bounded('carries') } };
}

function cellsOf({ wanted, ready, calls, refused }: RampMoment): number[] {
  return [wanted, ready, calls, refused];
}

function main(): number {
  const { ramp, scaling } = rampAsked(readScalingManifest());
  const { callsTarget, callsCarried, podsMin, podsMax } = scaling;
  const enough = Math.min(podsMax, Math.ceil(ramp.calls / callsTarget));
  const fleets = [podsMin, enough].map((pods) =>
    new RampedFleet({ ...scaling, podsMin: pods }, ramp, 0).plays(ramp.rampMs * 1.5, ramp.rampMs / steps),
  );
  const [few = [], many = []] = fleets;
  const names = [podsMin, enough].flatMap((pods) =>
    ['wanted', 'ready', 'calls', 'refused'].map((n) => `${pods}: ${n}`),
  );
  const rows = [
    ['s', ...names],
    ['--:', ...names.map(() => '--:')],
    ...few.map((moment, row) => [moment.atMs / 1000, ...[moment, many[row] ?? moment].flatMap(cellsOf)]),
  ];
  const { calls, rampMs, startMs } = ramp;
  const process = `A process starts in ${startMs / 1000} s, carries ${callsCarried} calls and is to have ${callsTarget}.`;
  console.log(
    `${calls} calls in ${rampMs / 1000} s. ${process}\nWith ${podsMin} processes at first, and with ${enough}:\n`,
  );
  console.log(rows.map((row) => `| ${row.join(' | ')} |`).join('\n'));
  const smallest = smallestFleet(scaling, ramp);
  console.log(`\nNobody is refused in ${draws} draws from ${smallest ?? `more than ${podsMax}`} processes on.`);
  return (many.at(-1)?.refused ?? 0) > 0 ? 1 : 0;
}

await startCommand({ usage, run: main });
