import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

// The journal's thread, which dies in its first lives when it has done what it was told and before it says so; in the very first it says
// one thing. How many lives are so short, stands in one file beside the journal; how many there were, is the length of another.

const settings: { file: string } = workerData;
const lives = `${settings.file}.lives`;
const shortLives = Number(readFileSync(`${settings.file}.short-lives`, 'utf8'));
appendFileSync(lives, '.');
const life = statSync(lives).size;

if (parentPort !== null && life <= shortLives) {
  const postMessage = parentPort.postMessage.bind(parentPort);
  let answers = 0;
  parentPort.postMessage = (reply) => {
    answers += 1;
    if (answers === 2 || life > 1) process.exit(1);
    postMessage(reply, []);
  };
}
await import('../../src/store/sqlite/journal-worker.ts');
