import { helpIfAsked } from './help.ts';
import { startSetup } from './setup/start-setup.ts';

const usage = `Usage: npm run setup -- [--set NAME=value] [--number +12025550100] [--fallback-url URL] [--yes] | --undo [--yes]
  Asks for the settings that a real call needs and .env lacks, writes them, and points a number of your Twilio account
  here. It shows what it will change and asks before it does. Without a terminal it takes options alone.
  --set NAME=value     a setting, any that Parley has; --set NAME takes the value from the environment
  --number NUMBER      the number that shall point here, as in +12025550100
  --fallback-url URL   what Twilio asks when Parley cannot be reached, such as a TwiML Bin
  --yes                agrees to what is shown, and asks nothing
  --undo               gives the number back what it had before`;

helpIfAsked(usage);
process.exitCode = await startSetup({
  args: process.argv.slice(2),
  env: process.env,
  hasTerminal: process.stdin.isTTY && process.stdout.isTTY,
});
