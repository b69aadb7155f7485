import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCallerClips } from '../../src/sim/caller/caller-clips.ts';
import type { ModelServer } from '../../src/sim/model/hosts/server.ts';
import { simulatedApiKey, startModelServer } from '../../src/sim/model/hosts/server.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { loadAgentClips } from '../../src/sim/model/speech/agent-clips.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

/** A simulated model with TLS, and what a program needs to talk to it. */
export interface WitnessModel {
  readonly server: ModelServer;
  /** The environment of the program: the key, and whom to trust. */
  readonly env: NodeJS.ProcessEnv;
  /** A folder of its own, gone with the model. */
  readonly folder: string;
  close(): Promise<void>;
}

const certificates = fileURLToPath(new URL('../../fixtures/tls/', import.meta.url));

/** Starts a simulated model whose sessions speak as the script says. */
export async function openWitnessModel(script: ScriptInput): Promise<WitnessModel> {
  const certFile = join(certificates, 'loopback-cert.pem');
  const tls = {
    key: readFileSync(join(certificates, 'loopback-key.pem'), 'utf8'),
    cert: readFileSync(certFile, 'utf8'),
  };
  const server = await startModelServer({ script, clips: loadAgentClips(), tls });
  const folder = mkdtempSync(join(tmpdir(), 'parley-witness-'));
  return {
    server,
    env: { PATH: process.env.PATH, GEMINI_API_KEY: simulatedApiKey, SSL_CERT_FILE: certFile },
    folder,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Writes a caller's clip as PCM16 at 16 kHz, each sample twice, and returns the path. */
export function writeSpeech(folder: string, clip: string): string {
  const mulaw = loadCallerClips().get(clip) ?? new Uint8Array();
  const pcm = Int16Array.from({ length: 2 * mulaw.length }, (_, at) => mulawCodec.decode[mulaw[at >> 1] ?? 0] ?? 0);
  const path = join(folder, `${clip}.pcm`);
  writeFileSync(path, pcm);
  return path;
}
