import { prepareLogFolder } from '../../src/calllog/call-log.ts';
import { LogLines } from '../log-lines.ts';
import { RecordedCall } from './recorded-call.ts';

// Records a call with little audio and many lines into the folder that is named, for a test that limits how large a file may be.
const folder = prepareLogFolder(process.argv[2] ?? '', new LogLines().logger);
if (folder === null) throw new Error('Logs cannot be kept there');
const call = new RecordedCall(folder).happens({ type: 'call.received' });
for (let thought = 0; thought < 1000; thought += 1) call.happens({ type: 'model.text', text: `thought ${thought}` });
call.close();
