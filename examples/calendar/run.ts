import { helpIfAsked } from '../../src/cli/help.ts';
import { createCalendar } from './calendar.ts';

const usage = `Usage: npm run example:calendar
  Starts the calendar of examples/calendar on this machine, and prints every request. Takes no options.`;

const port = 8090;

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

helpIfAsked(usage);
createCalendar(tell)
  .on('error', (error) => {
    tell(`The calendar cannot listen: ${error.message}`);
    process.exitCode = 1;
  })
  // Only this machine reaches it.
  .listen(port, '127.0.0.1', () => {
    tell(`The calendar listens on http://127.0.0.1:${port}. End it with Ctrl+C.`);
    tell(`Free times: http://127.0.0.1:${port}/days/2030-01-02/free`);
  });
