import { readdirSync, readFileSync } from 'node:fs';

/** The messages of one folder of fixtures/wire by name: `to-…` are those that we send, the others those that we receive. */
export function wireFixtures(remote: 'twilio' | 'gemini'): ReadonlyMap<string, string> {
  const folder = new URL(`../../fixtures/wire/${remote}/`, import.meta.url);
  return new Map(
    readdirSync(folder).map((file) => [file.replace(/\.json$/, ''), readFileSync(new URL(file, folder), 'utf8')]),
  );
}
