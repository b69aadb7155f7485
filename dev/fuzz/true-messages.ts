import { readdirSync, readFileSync } from 'node:fs';

const wire = new URL('../../fixtures/wire/', import.meta.url);

/** The stream that the recorded messages of Twilio are of. */
export const recordedStreamSid = 'MZ5f0c31d2a8b94e67f1032d4c5b6a7988';

/** The recorded messages that a remote sends us, as JSON. */
export function receivedMessages(remote: 'twilio' | 'gemini'): string[] {
  const folder = new URL(`${remote}/`, wire);
  const files = readdirSync(folder).filter((file) => !file.startsWith('to-'));
  return files.map((file) => readFileSync(new URL(file, folder), 'utf8'));
}
