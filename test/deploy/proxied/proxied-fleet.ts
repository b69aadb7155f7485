import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { ParleyProcess } from '../../../dev/kill/kill-process.ts';
import type { CarrierNote } from '../../../src/sim/carrier/carrier-events.ts';
import type { PhoneCall } from '../../../src/sim/carrier/hosts/phone.ts';
import { startModelServer } from '../../../src/sim/model/hosts/server.ts';
import { compileCache } from '../../compile-cache.ts';
import { call, environment, geminiKey, greetsOnly } from '../../e2e/service-scene.ts';
import { PostgresScene } from '../../store/postgres/postgres-scene.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { testDatabase } from '../../test-database.ts';
import { toneClip } from '../../tone.ts';
import { until } from '../../until.ts';
import type { CaddyProcess } from './caddy-process.ts';

/** Where Twilio believes all processes to be. */
export const publicUrl = 'https://voice.example.com';

/** Has Twilio try again, as docs/operations.md advises for the number. */
const tries = '#rc=5&rp=ct,rt,5xx';

/** A process of Parley, by the name that stands in its addresses. */
export interface Member {
  readonly instance: string;
  readonly process: ParleyProcess;
}

/** A call that came by way of the proxy. */
export interface ProxiedCall {
  readonly phone: PhoneCall;
  readonly notes: readonly CarrierNote[];
}

/** Processes of Parley behind a proxy, and calls to them. */
export class ProxiedFleet {
  readonly members: readonly Member[];
  readonly caddy: CaddyProcess;
  readonly #target: string;
  readonly #context: TestContext;

  /** `target`: where a Twilio without TLS finds the proxy. */
  constructor(context: TestContext, members: readonly Member[], caddy: CaddyProcess, target: string) {
    this.#context = context;
    this.members = members;
    this.caddy = caddy;
    this.#target = target;
  }

  /** Calls the number. Whoever is left on the line hangs up when the test is over. */
  call(): ProxiedCall {
    const notes: CarrierNote[] = [];
    const phone = call(this.#target, {
      publicUrl: `${publicUrl}/twilio/voice${tries}`,
      statusCallbackUrl: `${publicUrl}/twilio/status${tries}`,
      onNote: (note) => void notes.push(note),
    });
    this.#context.onTestFinished(async () => {
      phone.hangUp();
      await phone.ended;
    });
    return { phone, notes };
  }

  /** The one process that has a call; an error where it is not one. */
  ownerOf(placed: ProxiedCall): Member {
    const [owner, ...others] = this.members.filter((member) => said(member, placed).includes('streamStarted'));
    if (owner === undefined || others.length > 0) throw new RangeError('No single process has had the call.');
    return owner;
  }
}

/** Starts processes with these settings and a journal in common. They are killed when the test is over. */
export async function startMembers(
  context: TestContext,
  settings: readonly Readonly<Record<string, string>>[],
): Promise<Member[]> {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  context.onTestFinished(() => model.close());
  const journal = await journalOf(context);
  const members: Member[] = [];
  for (const one of settings) {
    const process = await ParleyProcess.start({ ...compileCache, ...environment(model.url), ...journal, ...one });
    context.onTestFinished(() => process.kill());
    members.push({ instance: one['INSTANCE'] ?? '', process });
  }
  // At a database they share a limit, and the first gives some of it to the others when they are there.
  for (const [at, { process }] of members.entries())
    await until('room', async () => isReady(`${settings[at]?.['HOST'] ?? '127.0.0.1'}:${process.port}`));
  return members;
}

async function isReady(address: string): Promise<boolean> {
  return (await fetch(`http://${address}/readyz`)).ok;
}

/** What a process has said of a call. */
export function said({ process }: Member, { phone }: ProxiedCall): string[] {
  return process.lines.filter(({ callSid }) => callSid === phone.callSid).map(({ event }) => event);
}

/** Waits until the caller hears the agent. */
export async function agentHeard({ notes }: ProxiedCall): Promise<void> {
  await until('the agent', () => notes.some(({ kind }) => kind === 'stream.playoutStarted'));
}

/** The processes that Twilio has asked by their names, in order. */
export function askedInstances({ notes }: ProxiedCall): string[] {
  const urls = notes.flatMap((note) => (note.kind === 'webhook.sent' ? note.url : []));
  return urls.flatMap((url) => /^https:\/\/voice\.example\.com\/i\/([a-z0-9-]+)\/twilio\//.exec(url)?.[1] ?? []);
}

/** Where all processes keep their calls: in PostgreSQL, or in one file where there is none. */
async function journalOf(context: TestContext): Promise<Record<string, string>> {
  const JOURNAL_FILE = join(temporaryFolder(context), 'journal.sqlite');
  if ((await testDatabase()) === null) return { JOURNAL_FILE };
  return { JOURNAL_FILE, DATABASE_URL: await new PostgresScene(context).address() };
}
