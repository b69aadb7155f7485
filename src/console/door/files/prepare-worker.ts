import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { PreparedFile, PrepareJob, PrepareReply } from './prepared-file.ts';

const etagCharacters = 20;

parentPort?.on('message', (job: PrepareJob) => parentPort?.postMessage(replyTo(job), []));

function replyTo({ id, path }: PrepareJob): PrepareReply {
  try {
    return { id, file: prepared(path) };
  } catch (error) {
    return { id, why: error instanceof Error ? error.message : String(error) };
  }
}

function prepared(path: string): PreparedFile {
  const text = readFileSync(path, 'utf8');
  const plain = Buffer.from(path.endsWith('.ts') ? stripTypeScriptTypes(text) : text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, etagCharacters)}"`;
  return { plain, gzip: gzipSync(plain, { level: 9 }), etag };
}
