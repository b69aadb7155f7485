import { type BargeInParameters, usualBargeIn } from '../../src/call/turns/barge-in-rule.ts';
import { SimulateError } from '../../src/cli/run-simulation.ts';

/** Parameters of barge-in as they are given: `NAME=NUMBER` each. */
export function ruleOption(given: readonly string[]): Partial<BargeInParameters> {
  return Object.fromEntries(
    given.map((one) => {
      const [name = '', value = ''] = one.split('=');
      if (!Object.hasOwn(usualBargeIn, name) || value === '' || !Number.isFinite(Number(value)))
        throw new SimulateError(
          `--rule ${one} is not NAME=NUMBER. There are:\n${Object.keys(usualBargeIn).join('\n')}`,
        );
      return [name, Number(value)];
    }),
  );
}
