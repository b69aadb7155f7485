import { type ChildProcess, spawn } from 'node:child_process';

import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

/** A message is kept whole until its line ends. No answer that can be told on the telephone is longer. */
const messageBytesMax = 4_000_000;

/** More than this in a window no honest server says, and to read it all would hold up the other tools of the process. */
const windowBytesMax = 16_000_000;
const windowMs = 10_000;

/** How long a server has to end by itself once its input is closed, and again after it was told to. The process of tools has 2 s in all. */
const endMs = 500;

/** What the last lines of a server that failed are worth in a message. */
const wordsCharactersMax = 300;

/** A program that throws says why above its stack, which is seldom longer. */
const errorCharactersMax = 8_000;

/** Where a program was when it threw: a frame of its stack, in JavaScript and in Python. */
const stackLine = /^\s*(?:at |File ".*", line )/;

/**
 * Starts the server in a process group of its own, and ends the whole group, whatever the server has started meanwhile, as soon as descriptor
 * 3 is closed. That happens however our own process ends, killed included, since the system closes it. A signal to end is left to the
 * server: the shell waits on.
 */
const supervisor = `
trap : TERM
exec 4<&0
"$@" <&4 3<&- 4<&- &
server=$!
exec 4<&- </dev/null
{ trap '' TERM; read -r _ <&3; kill -9 -$$; } >/dev/null 2>&1 &
exec 3<&-
while wait "$server"; code=$?; kill -0 "$server" 2>/dev/null; do :; done
exit "$code"
`;

/** How a shell ends that cannot run a program, or finds none. */
const notRunnable = 126;
const notFound = 127;

/** What a server is started with. */
interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** A server as a child process. Unlike the SDK's own transport, it leaves no process behind and has bounds on all that a server says. */
export class ChildTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #program: ServerProgram;
  readonly #buffer = new ReadBuffer({ maxBufferSize: messageBytesMax });
  #child: ChildProcess | null = null;
  #errorText = '';
  #cannotStart = false;
  #windowBytes = 0;
  #windowSinceMs = 0;

  constructor(program: ServerProgram) {
    this.#program = program;
  }

  /** What the server wrote last to its standard error, for whoever has to mend it; without the frames of a stack. */
  get lastWords(): string {
    const lines = this.#errorText.split('\n').filter((line) => line.trim() !== '' && !stackLine.test(line));
    return lines
      .map((line) => line.trim())
      .join(' ')
      .slice(-wordsCharactersMax);
  }

  /** Whether there is no such program or folder, or it may not be run. */
  get cannotStart(): boolean {
    return this.#cannotStart;
  }

  async start(): Promise<void> {
    const { command, args, env, folder } = this.#program;
    const child = spawn('/bin/sh', ['-c', supervisor, 'sh', command, ...args], {
      cwd: folder,
      // Our own environment holds keys that are nobody else's business.
      env: { ...getDefaultEnvironment(), ...env },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    child.once('exit', (code) => {
      this.#cannotStart = code === notRunnable || code === notFound;
      this.#endGroup();
    });
    child.once('error', () => {
      this.#cannotStart = true;
    });
    child.once('close', () => this.#gone());
    child.stdin?.on('error', (error) => this.onerror?.(error));
    child.stdio[3]?.on('error', () => {});
    child.stdout?.on('data', (bytes: Buffer) => this.#take(bytes));
    child.stderr?.on('data', (bytes: Buffer) => this.#hear(bytes));
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve).once('error', reject);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin;
    if (input === null || input === undefined || !input.writable) throw new Error('The server has ended.');
    // A server that does not read keeps nobody waiting: the request has a time of its own.
    input.write(serializeMessage(message));
    await Promise.resolve();
  }

  /** A server that is well ends when its input does. Any other is told to, and then ended with all that it has started. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.stdin?.end();
    const told = setTimeout(() => this.#signal('SIGTERM'), endMs);
    const ended = setTimeout(() => this.#endGroup(), 2 * endMs);
    await closed;
    clearTimeout(told);
    clearTimeout(ended);
  }

  #take(bytes: Buffer): void {
    try {
      if (this.#isFlood(bytes.length)) throw new Error(`The server sent more than ${windowBytesMax} bytes.`);
      this.#buffer.append(bytes);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      this.#child?.stdout?.destroy();
      this.#endGroup();
      return;
    }
    while (this.#takeMessage()) {
      // One after the other.
    }
  }

  /** Returns whether there may be another one. What is no message is left out: many programs greet on standard output. */
  #takeMessage(): boolean {
    try {
      const message = this.#buffer.readMessage();
      if (message !== null) this.onmessage?.(message);
      return message !== null;
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      return true;
    }
  }

  #isFlood(bytes: number): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#windowSinceMs > windowMs) {
      this.#windowSinceMs = nowMs;
      this.#windowBytes = 0;
    }
    this.#windowBytes += bytes;
    return this.#windowBytes > windowBytesMax;
  }

  #hear(bytes: Buffer): void {
    this.#errorText = (this.#errorText + bytes.toString()).slice(-errorCharactersMax);
  }

  #gone(): void {
    if (this.#child === null) return;
    this.#child = null;
    this.#buffer.clear();
    this.onclose?.();
  }

  #endGroup(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // All of them have ended.
    }
  }
}
