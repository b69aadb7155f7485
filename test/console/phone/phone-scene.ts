import type { TestContext } from 'vitest';
import { WebSocket } from 'ws';
import { readWav } from '../../../src/audio/wav.ts';
import type { ConsoleServer } from '../../../src/console/door/console-server.ts';
import type { HandsetRequest } from '../../../src/console/phone/handset-request.ts';
import { FrameCount, readBinaryMessage, soundMessage } from '../../../src/console/phone/handset-wire.ts';
import type { NumberedNews, PhoneSetup, ServerText } from '../../../src/console/phone/phone-news.ts';
import { type SceneOptions, ServiceScene } from '../../e2e/service-scene.ts';
import { until } from '../../until.ts';
import { askDoor, type DoorAnswer, type DoorRequest, logIn } from '../door/door-scene.ts';

/** A service that can be called from its pages, and pages without a browser. */
export class PhoneScene {
  readonly service: ServiceScene;
  readonly #admin: ConsoleServer;
  #cookie = '';

  private constructor(service: ServiceScene, admin: ConsoleServer) {
    this.service = service;
    this.#admin = admin;
  }

  static async open(context: TestContext, { env = {}, ...options }: SceneOptions = {}): Promise<PhoneScene> {
    const service = await ServiceScene.open(context, {
      ...options,
      env: { ADMIN_PORT: '0', TRANSFER_DESTINATIONS: 'support=+12025550100', ...env },
    });
    const { admin } = service.service;
    if (admin === null) throw new RangeError('There are no pages.');
    const scene = new PhoneScene(service, admin);
    await scene.logInAgain();
    return scene;
  }

  /** From here on, somebody else sits at the browser. */
  async logInAgain(): Promise<void> {
    const { port, link } = this.#admin;
    this.#cookie = (await logIn(port, new URL(link).searchParams.get('token') ?? '')).cookie;
  }

  /** What the page knows of the service. */
  async setup(): Promise<PhoneSetup> {
    const { port } = this.#admin;
    const answer = await fetch(`http://127.0.0.1:${port}/api/phone`, { headers: { cookie: this.#cookie } });
    return JSON.parse(await answer.text());
  }

  /** Places a call, to the first agent unless another one is named. */
  async place(agent?: string): Promise<{ status: number; callSid: string; error: string }> {
    const id = agent ?? (await this.setup()).agents[0]?.id;
    const { status, body } = await this.#ask('/api/phone/calls', {
      method: 'POST',
      body: JSON.stringify({ agent: id }),
    });
    return { callSid: '', error: '', ...JSON.parse(body), status };
  }

  /** What both sides of a call that is over sounded like, as samples; null if it is not kept. */
  async recording(callSid: string): Promise<{ said: Int16Array; heard: Int16Array } | null> {
    const response = await fetch(`http://127.0.0.1:${this.#admin.port}/api/phone/calls/${callSid}/recording`, {
      headers: { cookie: this.#cookie },
    });
    if (response.status !== 200) return null;
    const { data } = readWav(new Uint8Array(await response.arrayBuffer()));
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const samples = Int16Array.from({ length: data.length / 2 }, (_, index) => view.getInt16(2 * index, true));
    return {
      said: samples.filter((_, index) => index % 2 === 0),
      heard: samples.filter((_, index) => index % 2 === 1),
    };
  }

  /** A page connects with a call. */
  async page(callSid: string, after = 0): Promise<TestPage> {
    const url = `ws://127.0.0.1:${this.#admin.port}/api/phone/line?call=${callSid}&after=${after}`;
    return new TestPage(new WebSocket(url, { headers: { ...this.#headers } })).opened();
  }

  async #ask(path: string, request: DoorRequest): Promise<DoorAnswer> {
    return askDoor(this.#admin.port, path, {
      ...request,
      headers: { ...this.#headers, 'content-type': 'application/json', 'content-length': String(request.body?.length) },
    });
  }

  get #headers(): Record<string, string> {
    const host = `127.0.0.1:${this.#admin.port}`;
    return { host, origin: `http://${host}`, cookie: this.#cookie };
  }
}

/** A page without a browser: its microphone is a row of frames, and it keeps what it is told. */
export class TestPage {
  readonly news: NumberedNews[] = [];
  readonly heard: Uint8Array[] = [];
  readonly count = new FrameCount();
  figures: Extract<ServerText, { type: 'figures' }> | null = null;
  pongs = 0;
  closeCode: number | null = null;
  readonly #socket: WebSocket;
  #sent = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#hear(data);
      else this.#read(data.toString());
    });
    socket.on('close', (code) => (this.closeCode = code));
  }

  async opened(): Promise<this> {
    await until('the page is connected', () => this.#socket.readyState >= WebSocket.OPEN);
    return this;
  }

  /** What was told of this kind. */
  told<Type extends NumberedNews['type']>(type: Type): Extract<NumberedNews, { type: Type }>[] {
    return this.news.filter((one): one is Extract<NumberedNews, { type: Type }> => one.type === type);
  }

  ask(request: HandsetRequest): void {
    this.#socket.send(JSON.stringify(request));
  }

  send(message: string | Uint8Array): void {
    this.#socket.send(message);
  }

  speak(audio: Uint8Array): void {
    this.#socket.send(soundMessage(this.#sent, audio));
    this.#sent += 1;
  }

  drop(): void {
    this.#socket.terminate();
  }

  #hear(data: Buffer): void {
    const message = readBinaryMessage(data);
    if (message?.kind !== 'sound') return;
    this.count.take(message.number);
    this.heard.push(message.audio.slice());
  }

  #read(text: string): void {
    const told: ServerText = JSON.parse(text);
    if (told.type === 'figures') this.figures = told;
    else if (told.type === 'pong') this.pongs += 1;
    else this.news.push(told);
  }
}
