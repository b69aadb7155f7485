import { writeSync } from 'node:fs';
import { openJournal } from '../../src/store/sqlite/open-journal.ts';
import { LogLines } from '../log-lines.ts';
import { parties, saidLine } from './journal-scene.ts';

// A process with live calls, to be killed: the test cannot kill its own. Before each entry it says so on standard output, with the time.
// `committed` says how many of them the journal has, and `fenced` that a call was taken away.

const [, , file = '', name = ''] = process.argv;

/** Some hundred entries a second, as of many calls. */
const entryMs = 2;

/** Nobody is left to kill us. */
const lifeMsMax = 30_000;

process.umask(0);
const journal = openJournal({ file, log: new LogLines().logger, limits: { answerMsMax: lifeMsMax } });
// As in a service, the file is open before the first call.
await journal.unfinished();
const say = (line: string): void => void writeSync(1, `${line}\n`);
const calls = Array.from({ length: 20 }, (_, index) => {
  const callSid = `${name}-${index}`;
  say(`writes ${callSid} 1 ${Date.now()}`);
  return { callSid, record: journal.accept(callSid, parties, () => say(`fenced ${callSid}`)) };
});
let entries = calls.length;
setInterval(() => {
  say(`committed ${entries - journal.state.queuedEntries}`);
  const call = calls[entries % calls.length];
  const n = 1 + Math.floor(entries / calls.length);
  if (call === undefined) return;
  say(`writes ${call.callSid} ${n} ${Date.now()}`);
  call.record.append(saidLine(`line ${n}`));
  entries += 1;
}, entryMs);
setTimeout(() => process.exit(1), lifeMsMax);
