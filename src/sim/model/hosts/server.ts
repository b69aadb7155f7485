import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ModelService } from '../model-service.ts';
import type { ModelServiceOptions } from '../model-service.ts';
import { SocketSession } from './model-session.ts';
import { parseScript } from '../script/script.ts';
import type { Script, ScriptInput, SessionScript } from '../script/script.ts';
import type { Clip } from '../speech/speech-plan.ts';

/** What a simulated service is started with. */
export interface ModelServerOptions {
  /** What the model says: the same for every call, or chosen by the setup of a session. */
  readonly script: ScriptInput | Exclude<ModelServiceOptions['script'], Script>;
  readonly clips: ReadonlyMap<string, Clip>;
  /** The one key that is accepted, and the one token of a sign-in at Vertex AI; `simulatedApiKey` if left out. */
  readonly apiKey?: string;
  /** Serves TLS with this key and certificate, both PEM: some clients know no other socket. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** What becomes of every WebSocket upgrade, whatever the script says of each. */
  readonly upgrade?: SessionScript['upgrade'];
  readonly onSession?: (session: SocketSession) => void;
}

/** A running simulated service. */
export interface ModelServer {
  /** The `baseUrl` for the SDK, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The latest sessions, oldest first. */
  readonly sessions: readonly SocketSession[];
  /** The caller begins to say a clip, of which the script's `sounds` may tell the kind. */
  callerSays(clip: string): void;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** The key that a simulated service accepts unless it is told another. */
export const simulatedApiKey = 'simulated-key';

/** Sessions kept for assertions: a demo that runs for days forgets the oldest. */
const sessionsMax = 100;
/** GM-SETUP-1. The SDK joins its base address and the path with two slashes. */
const path = /^\/\/?ws\/google\.ai\.generativelanguage\.(v1|v1beta|v1alpha)\.GenerativeService\.BidiGenerateContent$/;
/** GM-VERTEX-1: the same service through a Google Cloud project, where a token of a sign-in stands in the place of the key. */
const vertexPath = /^\/\/?ws\/google\.cloud\.aiplatform\.(v1beta1)\.LlmBidiService\/BidiGenerateContent$/;
const refusalTexts = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/**
 * Starts the simulated Gemini Live service on a loopback port. Each WebSocket is one machine with one timer, and what it saw can be
 * read in `sessions`. Throws a ScriptError for a script that cannot be used.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { clips, apiKey = simulatedApiKey } = options;
  const script = typeof options.script === 'function' ? options.script : parseScript(options.script, [...clips.keys()]);
  const service = new ModelService({ script, clips, apiKey });
  const sessions: SocketSession[] = [];
  const sockets = new Set<Duplex>();
  const http = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  http.on('request', (_request, response: ServerResponse) => response.writeHead(404).end());
  const webSockets = new WebSocketServer({ noServer: true, autoPong: false });

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away in the middle of the handshake is no concern of the service.
    socket.on('error', () => socket.destroy());
    const target = targetOf(request);
    if (target === null) return refuse(socket, 404);
    const arrival = service.arrive();
    const upgrade = options.upgrade ?? arrival.upgrade;
    if (upgrade === 'never' || arrival.upgrade === 'never') return;
    if (upgrade !== 'accept') return refuse(socket, upgrade);
    if (arrival.upgrade !== 'accept') return refuse(socket, arrival.upgrade);
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const session = new SocketSession(webSocket, arrival.model);
      sessions.push(session);
      if (sessions.length > sessionsMax) sessions.shift();
      options.onSession?.(session);
      session.open(target.apiVersion, target.apiKey);
    });
  });

  http.listen(options.port ?? 0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    sessions,
    callerSays: (clip) => service.callerSays(clip, performance.now()),
    async close() {
      for (const socket of sockets) socket.destroy();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

/** The key stands in the address or in a header (GM-SETUP-1); at Vertex AI, a token stands in another. */
function targetOf({
  url = '',
  headers,
}: IncomingMessage): { readonly apiVersion: string; readonly apiKey: string | null } | null {
  const [pathname = '', query] = url.split('?');
  const vertexVersion = vertexPath.exec(pathname)?.[1];
  if (vertexVersion !== undefined)
    return { apiVersion: vertexVersion, apiKey: headers.authorization?.replace(/^Bearer /, '') ?? null };
  const apiVersion = path.exec(pathname)?.[1];
  if (apiVersion === undefined) return null;
  const header = headers['x-goog-api-key'];
  return { apiVersion, apiKey: new URLSearchParams(query).get('key') ?? (typeof header === 'string' ? header : null) };
}

function refuse(socket: Duplex, status: keyof typeof refusalTexts): void {
  socket.end(`HTTP/1.1 ${status} ${refusalTexts[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
