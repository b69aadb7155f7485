import { startSetup } from '../../../src/cli/setup/start-setup.ts';
import { loopbackClient } from '../../twilio/loopback-client.ts';

// `npm run setup`, with Twilio on loopback: the address of the simulated REST API, the file for undoing, and the options.
const [restUrl = '', undoPath = '', ...args] = process.argv.slice(2);

process.exitCode = await startSetup({
  args,
  env: process.env,
  hasTerminal: process.stdin.isTTY && process.stdout.isTTY,
  undoPath,
  twilioHttp: loopbackClient(restUrl),
});
