import { describe } from 'vitest';
import { HistoryFile } from '../../src/store/sqlite/history-file.ts';
import { JournalFile } from '../../src/store/sqlite/journal-file.ts';
import { JournalScene } from './journal-scene.ts';
import { journalContract } from './writing/journal-contract.ts';
import { clockContract, type MakePlace, storeContract, type StoreUnderTest } from './store-contract.ts';

const makePlace: MakePlace = (context) => {
  const scene = new JournalScene(context);
  const files = new Map<string, JournalFile>();
  context.onTestFinished(() => {
    for (const file of files.values()) file.close();
  });
  return (process) => {
    const known = files.get(process);
    const settings = { file: scene.file, process, keepsWords: true, fileBytesMax: 64 * 1024 * 1024 };
    const file = known ?? new JournalFile(settings);
    files.set(process, file);
    return inFile(file);
  };
};

describe('a journal in SQLite', () => {
  storeContract(makePlace);
  clockContract(makePlace);

  journalContract((context) => {
    const scene = new JournalScene(context);
    return {
      open: async (keepsWords) => scene.open({}, scene.file, undefined, keepsWords),
      history: async () => {
        const history = new HistoryFile(scene.file);
        context.onTestFinished(() => history.close());
        return history;
      },
      sql: async (text) => scene.rows(text),
      clock: scene,
    };
  });
});

function inFile(file: JournalFile): StoreUnderTest {
  return {
    write: (items) => file.use((store) => store.write(items)),
    read: (callSid) => file.use((store) => store.read(callSid)),
    owner: (callSid) => file.use((store) => store.owner(callSid)),
    takeOver: (...taken) => file.use((store) => store.takeOver(...taken)),
    unfinished: () => file.use((store) => store.unfinished()),
    closeUnfinished: (beforeMs, atMs, reason) => file.use((store) => store.closeUnfinished(beforeMs, atMs, reason)),
    tell: () => file.use((store) => store.tell()),
    prune: (beforeMs) => file.use((store) => store.prune(beforeMs)),
  };
}
