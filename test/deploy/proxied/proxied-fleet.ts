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
import { parleyServices, settingsOf } from '../deploy-files.ts';
import { CaddyProcess } from './caddy-process.ts';
import { TlsWay } from './tls-way.ts';

const publicUrl = 'https://voice.example.com';

/** Has Twilio try again, as docs/operations.md advises for the number. */
const tries = '#rc=5&rp=ct,rt,5xx';

/** Where a process listens that has no container of its own. */
const here = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: 'off', ADMIN_HOST: '' };

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

/** The services of the compose file without their containers: Parley with the settings that it has there, and the proxy with its file. */
export class ProxiedFleet {
  readonly caddy: CaddyProcess;
  readonly members: readonly Member[];
  readonly #way: TlsWay;
  readonly #context: TestContext;

  private constructor(context: TestContext, members: readonly Member[], caddy: CaddyProcess, way: TlsWay) {
    this.#context = context;
    this.members = members;
    this.caddy = caddy;
    this.#way = way;
  }

  static async start(context: TestContext, changes: Readonly<Record<string, string>>): Promise<ProxiedFleet> {
    const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
    const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
    context.onTestFinished(() => model.close());
    const journal = await journalOf(context);
    const members: Member[] = [];
    for (const [, service] of parleyServices) {
      const settings = settingsOf(service, { PUBLIC_URL: publicUrl, ADMIN_TOKEN: 'operator-of-compose' });
      const env = { ...compileCache, ...environment(model.url), ...settings, ...here, ...journal, ...changes };
      const process = await ParleyProcess.start(env);
      context.onTestFinished(() => process.kill());
      members.push({ instance: settings['INSTANCE'] ?? '', process });
    }
    const upstreams = members.map(({ instance, process }) => [`PARLEY_${instance.toUpperCase()}`, addressOf(process)]);
    const caddy = await CaddyProcess.start(context, publicUrl, Object.fromEntries(upstreams));
    const way = await TlsWay.open(caddy.server);
    context.onTestFinished(() => way.close());
    return new ProxiedFleet(context, members, caddy, way);
  }

  /** Calls the number. Whoever is left on the line hangs up when the test is over. */
  call(): ProxiedCall {
    const notes: CarrierNote[] = [];
    const phone = call(this.#way.url, {
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
    const [owner, ...others] = this.members.filter((member) => this.said(member, placed).includes('streamStarted'));
    if (owner === undefined || others.length > 0) throw new RangeError('No single process has had the call.');
    return owner;
  }

  /** What a process has said of a call. */
  said({ process }: Member, { phone }: ProxiedCall): string[] {
    return process.lines.filter(({ callSid }) => callSid === phone.callSid).map(({ event }) => event);
  }
}

/** Where a process listens. */
export function addressOf(process: ParleyProcess): string {
  return `127.0.0.1:${process.port}`;
}

/** Waits until the caller hears the agent, on another stream than the first so many. */
export async function agentHeard({ notes }: ProxiedCall, streamsBefore = 0): Promise<void> {
  const heard = (): number => notes.filter(({ kind }) => kind === 'stream.playoutStarted').length;
  await until('the agent', () => heard() > streamsBefore);
}

/** The processes that Twilio has asked by their names, in order. */
export function askedInstances({ notes }: ProxiedCall): string[] {
  const urls = notes.flatMap((note) => (note.kind === 'webhook.sent' ? note.url : []));
  return urls.flatMap((url) => /^https:\/\/voice\.example\.com\/i\/([a-z]+)\/twilio\//.exec(url)?.[1] ?? []);
}

/** Where all processes keep their calls: in PostgreSQL as in the compose file, or in one file where there is none. */
async function journalOf(context: TestContext): Promise<Record<string, string>> {
  if ((await testDatabase()) !== null) return { DATABASE_URL: await new PostgresScene(context).address() };
  return { DATABASE_URL: '', JOURNAL_FILE: join(temporaryFolder(context), 'journal.sqlite') };
}
