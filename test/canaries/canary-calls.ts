import { placeAt } from '../call/call-scene.ts';
import type { CallSettings } from '../../src/call/call-settings.ts';
import { leakedValues } from '../../src/calllog/scrub/canary.ts';
import { builtInPrices } from '../../src/config/prices.ts';
import { CallCost } from '../../src/host/call-cost.ts';
import type { CallAgent } from '../../src/host/phone-service.ts';
import { seededRandom } from '../../src/sim/seeded-random.ts';
import { type BenchSession, type BenchStream, ServiceBench, settings, tokenIn } from '../host/service-bench.ts';
import { recordedAgent } from '../wire-fixtures.ts';
import { type Canaries, drawCanaries, formsOf } from './canaries.ts';

/** What of the canaries came out, and where. */
export interface CanaryLeak {
  readonly where: 'log' | 'answer' | 'toModel';
  readonly value: string;
  readonly text: string;
}

/** What came of some calls. */
export interface CanaryReport {
  readonly leaks: readonly CanaryLeak[];
  /** The names of all lines that were written. */
  readonly lineNames: ReadonlySet<string>;
}

/** What the runner of the tests puts behind the name of a file, in stacks; five digits of it may be a canary. */
const runnersTime = /\?vitest=\d+/g;

/** Far from all seeds of calls. */
const settingsSeeds = 1_000_000;

/**
 * Plays a call in virtual time, through the real host with the real logger at level trace, and looks for its canaries. `plant` may do more,
 * while the call talks.
 */
export function playCanaryCall(seed: number, plant: (bench: ServiceBench) => void = () => {}): CanaryReport {
  const canaries = drawCanaries(seededRandom(seed));
  const ofSettings = drawCanaries(seededRandom(seed + settingsSeeds));
  const bench: ServiceBench = new ServiceBench({
    settings: settingsWith(ofSettings),
    agent: {
      ...agentWith(ofSettings),
      observers: [
        {
          write: (event, effects) => cost.write(event, effects),
          close: () => cost.close(),
        },
      ],
    },
  });
  const cost = new CallCost(builtInPrices, { first: 'gemini-3.8-live', fallback: 'gemini-other' }, bench.log.logger);
  const call = new CanaryCall(bench, canaries, seed);
  call.play(plant);
  const known = formsOf(canaries);
  return {
    leaks: [
      ...leaksIn('log', bench.log.text.replaceAll(runnersTime, '').split('\n'), [...known, ...formsOf(ofSettings)]),
      ...leaksIn('answer', call.answers, known),
      ...leaksIn(
        'toModel',
        bench.sessions.map(({ received }) => JSON.stringify(received)),
        // What the caller says and the tools answer is the model's to know.
        [canaries.internal],
      ),
    ],
    lineNames: new Set(bench.log.all.map(({ msg }) => String(msg))),
  };
}

/** What an operator sets is personal as well: who is called, and what is said. Twilio and the model are told of it, the log is not. */
function settingsWith({ person, street, phone, called }: Canaries): CallSettings {
  return {
    ...settings,
    greeting: `Hello, this is ${person}.`,
    apology: `I am sorry, come to ${street}.`,
    caller: null,
    destinations: { desk: placeAt(phone) },
    fallback: { number: called, voicemail: null },
  };
}

function agentWith({ card, token, key }: Canaries): Pick<CallAgent, 'first' | 'fallback'> {
  const first = { ...recordedAgent, systemInstruction: `Our account is ${card}, our keys ${token} and ${key}.` };
  return { first, fallback: { ...first, model: 'gemini-other' } };
}

function leaksIn(where: CanaryLeak['where'], texts: readonly string[], values: readonly string[]): CanaryLeak[] {
  return leakedValues(values, texts, []).map(({ line, value }) => ({ where, value, text: texts[line - 1] ?? '' }));
}

/** One call that is told secrets everywhere. What its remotes do depends on its seed. */
class CanaryCall {
  readonly answers: string[] = [];
  readonly #bench: ServiceBench;
  readonly #canaries: Canaries;
  readonly #seed: number;
  readonly #callSid: string;

  constructor(bench: ServiceBench, canaries: Canaries, seed: number) {
    this.#bench = bench;
    this.#canaries = canaries;
    this.#seed = seed;
    this.#callSid = `CA${seed.toString(16).padStart(32, '0')}`;
  }

  play(plant: (bench: ServiceBench) => void): void {
    const bench = this.#bench;
    const { card, person, token, key } = this.#canaries;
    this.#refused();
    const twiml = this.#asks('voice', { CallStatus: 'ringing' });
    const stream = bench.opensStream(tokenIn(twiml), this.#callSid);
    const session = bench.answersSetup();
    this.#talk(stream, session);
    this.#tools(session);
    plant(bench);
    bench.modelSays(session, { sessionResumptionUpdate: { newHandle: key, resumable: true } });
    bench.modelSays(session, { serverContent: { turnComplete: true, turnCompleteReason: `${person} ${card}` } });
    if (this.#seed % 2 === 0)
      session.socket.closed(1011, `The key ${key} of ${this.#secretUrl} is not valid for ${token}.`);
    bench.passes(1_000);
    const next = bench.sessions.at(-1);
    if (next !== session) next?.socket.refused(`connect ECONNREFUSED ${this.#secretUrl}`);
    bench.passes(20_000);
    if (this.#seed % 3 === 0) stream.socket.closed(1006, `${person} ${card}`);
    bench.passes(100);
    this.#asks('streamEnded', { CallStatus: 'in-progress' }, '1');
    this.#posts('recording', { RecordingStatus: 'completed', RecordingSid: token, RecordingUrl: this.#secretUrl });
    this.#posts('status', { CallStatus: 'completed' });
    bench.passes(5_000);
  }

  get #secretUrl(): string {
    return `https://api.example/${this.#canaries.token}?key=${this.#canaries.key}`;
  }

  /** Webhooks and sockets that are wrong in some way and full of secrets. */
  #refused(): void {
    const { card, person, token } = this.#canaries;
    this.#posts('voice', { CallSid: person });
    this.#posts('streamEnded', {}, card);
    this.#posts('dialEnded', { DialCallSid: token });
    const stranger = this.#bench.opensStream(token, `CA${token}`);
    stranger.socket.received(`{"event":"${person}"}`, false);
  }

  /** Both sides say it all, in fragments too. */
  #talk(stream: BenchStream, session: BenchSession): void {
    const bench = this.#bench;
    const { card, phone, person, street, key } = this.#canaries;
    const said = `My name is ${person}, ${street}, my card is ${card}, my number ${phone}.`;
    for (const part of [said, card.slice(0, 7), card.slice(7), ` ${person}`]) {
      bench.modelSays(session, { serverContent: { inputTranscription: { text: part } } });
      bench.passes(50);
      bench.modelSays(session, { serverContent: { outputTranscription: { text: part } } });
      bench.modelSays(session, { serverContent: { modelTurn: { parts: [{ text: `They said ${part}` }] } } });
      bench.modelSays(session, { serverContent: { modelTurn: { parts: [{ inlineData: audio }] } } });
    }
    bench.says(stream, { event: 'mark', mark: { name: person } });
    bench.says(stream, { event: person, [card]: phone });
    for (const digit of card.replaceAll(' ', '')) bench.says(stream, { event: 'dtmf', dtmf: { digit } });
    bench.modelSays(session, { serverContent: { interrupted: true } });
    bench.modelSays(session, { serverContent: { interrupted: person } });
    bench.modelSays(session, { goAway: { timeLeft: key } });
    bench.modelSays(session, {
      usageMetadata: { promptTokenCount: 7, promptTokensDetails: [{ modality: person, tokenCount: 7 }] },
    });
    session.socket.received(said, false);
  }

  /** Tools are asked with secrets, and answer with secrets or fail with them. */
  #tools(session: BenchSession): void {
    const bench = this.#bench;
    const { card, person, street, token, key } = this.#canaries;
    const functionCalls = [
      { id: token, name: 'order', args: { [street]: card, who: { person } } },
      { id: `${token}-2`, name: 'order', args: { key } },
      { id: `${token}-3`, name: person, args: { card } },
    ];
    bench.modelSays(session, { toolCall: { functionCalls } });
    bench.passes(10);
    const [answers, fails] = bench.toolRuns;
    const leave =
      this.#seed % 4 === 1 ? { leave: { kind: 'transfer', destination: 'desk', reason: null } as const } : {};
    answers?.done({ result: { response: { person, street, card }, ...leave } });
    fails?.done({ error: toolError(this.#canaries) });
    bench.modelSays(session, { toolCallCancellation: { ids: [token, key] } });
    bench.passes(10);
  }

  #asks(path: 'voice' | 'streamEnded', fields: Readonly<Record<string, string>>, stream?: string): string {
    const before = this.answers.length;
    this.#posts(path, fields, stream);
    return this.answers[before] ?? '';
  }

  #posts(path: Parameters<ServiceBench['posts']>[0], fields: Readonly<Record<string, string>>, stream?: string): void {
    const { phone, called, person, token } = this.#canaries;
    const ofCaller = { From: phone, To: called, CallerName: person, 'SipHeader_X-Token': token };
    const answers = this.#bench.posts(
      path,
      { CallSid: this.#callSid, ...ofCaller, ...fields },
      stream === undefined ? {} : { stream },
    );
    this.#bench.passes(10);
    this.answers.push(...answers.map((answer) => ('twiml' in answer ? answer.twiml : JSON.stringify(answer))));
  }
}

const audio = { mimeType: 'audio/pcm;rate=24000', data: Buffer.alloc(960, 90).toString('base64') };

/** An error as a careless tool throws one: secrets in all that it has. */
function toolError({ card, person, internal }: Canaries): Error {
  const error = new Error(`${person} has no card ${card} at ${internal}\n    at ${person}`, {
    cause: new Error(internal),
  });
  error.name = `${card}Error`;
  return Object.assign(error, {
    code: `E_${card.replaceAll(' ', '')}`,
    config: { headers: { authorization: internal } },
  });
}
