import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { TestContext } from 'vitest';
import { spansIn, type ReceivedSpan } from './otlp-message.ts';

/** What the collector does with a request. */
type Answer = 'takes' | 'refuses' | 'hangs';

/** A collector of traces on a real socket. */
export class Collector {
  readonly url: string;
  readonly spans: ReceivedSpan[] = [];
  readonly headers: Readonly<Record<string, unknown>>[] = [];
  readonly bodies: Buffer[] = [];
  answer: Answer = 'takes';
  requests = 0;

  private constructor(url: string) {
    this.url = url;
  }

  static async open({ onTestFinished }: TestContext): Promise<Collector> {
    const server = createServer((req, res) => {
      const pieces: Buffer[] = [];
      req.on('data', (piece: Buffer) => void pieces.push(piece));
      req.on('end', () => {
        const body = Buffer.concat(pieces);
        collector.#take(req.headers, req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body, res);
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const collector = new Collector(`http://127.0.0.1:${isTcp(address) ? address.port : 0}`);
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    });
    return collector;
  }

  /** The spans of this name, in the order in which they came. */
  named(name: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  #take(headers: Readonly<Record<string, unknown>>, body: Buffer, res: ServerResponse): void {
    this.requests += 1;
    this.headers.push(headers);
    if (this.answer === 'hangs') return;
    if (this.answer === 'refuses') return void res.writeHead(400).end();
    this.bodies.push(body);
    this.spans.push(...spansIn(body));
    res.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }
}

function isTcp(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
