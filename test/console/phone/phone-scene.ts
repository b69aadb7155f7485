import { once } from 'node:events';
import type { TestContext } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { BrowserCall } from '../../../src/console/phone/browser-call.ts';
import { BrowserCalls } from '../../../src/console/phone/browser-calls.ts';
import { linkCloses } from '../../../src/console/phone/handset-link.ts';
import { FrameCount, readBinaryMessage, soundMessage } from '../../../src/console/phone/handset-wire.ts';
import type { HandsetRequest } from '../../../src/console/phone/handset-request.ts';
import type { NumberedNews, ServerText } from '../../../src/console/phone/phone-news.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { authToken, publicUrl, type SceneOptions, ServiceScene } from '../../e2e/service-scene.ts';
import { LogLines } from '../../log-lines.ts';
import { until } from '../../until.ts';

/** Who calls. */
export const session = 'a-session';

/** A service that can be called from a page, and pages without a browser. */
export class PhoneScene {
  readonly calls: BrowserCalls;
  readonly service: ServiceScene;
  readonly shown: Uint8Array[] = [];
  readonly #sockets: WebSocketServer;

  private constructor(calls: BrowserCalls, service: ServiceScene, sockets: WebSocketServer) {
    this.calls = calls;
    this.service = service;
    this.#sockets = sockets;
  }

  static async open(context: TestContext, { env = {}, ...options }: SceneOptions = {}): Promise<PhoneScene> {
    let scene: PhoneScene | null = null;
    const destinations = new Map([['support', '+15550100']]);
    const calls = new BrowserCalls({
      line: () => ({
        voiceUrl: `${publicUrl}/twilio/voice`,
        statusUrl: `${publicUrl}/twilio/status`,
        target: scene?.service.url ?? '',
        authToken,
        accountSid: `AC${'0'.repeat(32)}`,
      }),
      destinations,
      fallbackNumber: '+15550199',
      show: (_callSid, jpeg) => {
        scene?.shown.push(jpeg.slice());
        return jpeg.length > 10 ? 'The picture is too large.' : null;
      },
      clock: systemClock,
      log: new LogLines().logger,
    });
    const service = await ServiceScene.open(context, {
      ...options,
      env: { TRANSFER_DESTINATIONS: 'support=+15550100', ...env },
      parts: {
        observeCall: (callSid) => calls.observersOf(callSid)[0] ?? { write() {}, close() {} },
        redirect: calls.redirect((_callSid, _twiml, done) =>
          done({ type: 'telephony.failed', fault: 'telephony.notConfigured', callOver: false }),
        ),
        ...options.parts,
      },
    });
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(sockets, 'listening');
    sockets.on('connection', (socket, { url = '' }) => {
      const { searchParams } = new URL(url, 'http://localhost');
      const { call = '', after = '0', as = session } = Object.fromEntries(searchParams);
      if (!calls.attach(socket, as, call, Number(after))) socket.close(linkCloses.unknownCall);
    });
    context.onTestFinished(async () => {
      calls.stop();
      sockets.close();
      for (const socket of sockets.clients) socket.terminate();
    });
    scene = new PhoneScene(calls, service, sockets);
    return scene;
  }

  place(): BrowserCall {
    const call = this.calls.place(session);
    if (call === null) throw new RangeError('There was no room for the call.');
    return call;
  }

  /** A page connects with a call. */
  page({ callSid }: { callSid: string }, after = 0, as = session): TestPage {
    const address = this.#sockets.address();
    const port = typeof address === 'object' ? address?.port : null;
    return new TestPage(new WebSocket(`ws://127.0.0.1:${port}/?call=${callSid}&after=${after}&as=${as}`));
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
    await until('the page is connected', () => this.#socket.readyState === WebSocket.OPEN);
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
