import { setTimeout as pause } from 'node:timers/promises';

import type { ToolResponse } from '../../call/tooling/tool-call.ts';
import { ParleyError } from '../../errors.ts';
import { shortText } from '../../encoding/short-text.ts';
import { cappedText } from '../../tools/record-sentences.ts';
import type { ToolContext } from '../../tools/tool.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { AnswerCache } from './answer-cache.ts';
import { hostRules } from './guard/host-rules.ts';
import { createAnswerReader } from './http-answer.ts';
import type { HttpFields } from './http-fields.ts';
import { fillRequest, type FilledRequest } from './http-request.ts';
import { createLimitedFetch } from './limited-fetch.ts';
import { isNotSent, outcomeOfStatus, sentenceFor, type Outcome } from './outcomes.ts';
import type { Arguments } from './placeholders.ts';

/** What can be told on the telephone is a few kilobytes; services answer with a hundred times as much. */
const answerBytesMax = 1_000_000;

/** About five minutes of speech; nobody wants to hear more, and every later turn is billed with it. */
const answerCharactersMax = 4_000;

/** Left of the tool's time, so that our sentence comes before the host's own. */
const marginMs = 300;

/** The first pause before another try; each next one is twice as long. */
const pauseMsFirst = 200;

/** What of a wrong answer the log shows under `pii`. */
const shownCharactersMax = 300;

/** A lookup over HTTP, ready to be asked. */
interface HttpLookup {
  readonly ask: (args: Arguments, context: ToolContext) => Promise<ToolResponse>;
  readonly close: () => Promise<void>;
}

interface Limits {
  readonly effect: 'read' | 'write';
  /** The time of the tool. */
  readonly timeMsMax: number;
}

/** Prepares the requests of one entry of the tools file. */
export function createHttpLookup(fields: HttpFields, { effect, timeMsMax }: Limits): HttpLookup {
  const askMsMax = Math.max(timeMsMax - marginMs, timeMsMax / 2);
  const limited = createLimitedFetch({
    hosts: hostRules(fields.hosts),
    othersAllowed: false,
    timeMsMax: askMsMax,
    bytesMax: answerBytesMax,
  });
  const lookup = new Lookup(fields, effect, limited, askMsMax);
  return { ask: (args, context) => lookup.ask(args, context), close: limited.close };
}

/** One try: what it came to, and how long the service wants to be left alone. */
interface Try {
  readonly outcome: Outcome;
  readonly mayPass: boolean;
  readonly retryAfterMs: number;
  /** For the log. */
  readonly status: number | null;
  readonly why: string | null;
  /** For the log, under `pii`. */
  readonly said: string;
}

class Lookup {
  readonly #fields: HttpFields;
  readonly #effect: 'read' | 'write';
  readonly #limited: ReturnType<typeof createLimitedFetch>;
  readonly #askMsMax: number;
  readonly #read: ReturnType<typeof createAnswerReader>;
  readonly #cache: AnswerCache;

  constructor(
    fields: HttpFields,
    effect: 'read' | 'write',
    limited: ReturnType<typeof createLimitedFetch>,
    askMsMax: number,
  ) {
    this.#fields = fields;
    this.#effect = effect;
    this.#limited = limited;
    this.#askMsMax = askMsMax;
    this.#read = createAnswerReader(fields.answer);
    this.#cache = new AnswerCache((fields.cache_seconds ?? 0) * 1_000);
  }

  async ask(args: Arguments, context: ToolContext): Promise<ToolResponse> {
    const startMs = Date.now();
    const request = fillRequest(this.#fields, args, this.#effect === 'write' ? context.key : null);
    if (request === null) {
      throw new ParleyError('tool.argumentsInvalid', 'A value is empty or made of dots, which names nothing.');
    }
    const kept = this.#cache.find(request, startMs);
    if (kept !== null) {
      context.log('lookupKept', {});
      return kept;
    }
    const endMs = startMs + this.#askMsMax;
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(this.#askMsMax)]);
    const triesMax = this.#effect === 'write' ? 1 : 1 + (this.#fields.retries ?? 1);
    for (let tries = 1; ; tries += 1) {
      const result = await this.#try(request, signal);
      const pauseMs = Math.max(result.retryAfterMs, pauseMsFirst * 2 ** (tries - 1) * (1 + Math.random()));
      const isLast = !result.mayPass || tries === triesMax || Date.now() + pauseMs > endMs;
      this.#log(result, { tries, ms: Date.now() - startMs, isLast }, context);
      if (isLast) return this.#answer(request, result.outcome);
      await pause(pauseMs, undefined, { signal: context.signal });
    }
  }

  async #try(request: FilledRequest, signal: AbortSignal): Promise<Try> {
    const { url, method, headers, body } = request;
    const nothing = { retryAfterMs: 0, status: null, why: null, said: '' };
    try {
      const response = await this.#limited.fetch(url, { method, headers, body, signal });
      const text = await response.text();
      const { status } = response;
      const retryAfterMs = retryAfter(response.headers.get('retry-after'));
      const ofStatus = outcomeOfStatus(status, this.#effect);
      if (ofStatus !== null) {
        return { ...nothing, ...ofStatus, retryAfterMs, status, said: text };
      }
      const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
      const read = this.#read(text, mediaType);
      if (read.kind === 'found')
        return { ...nothing, outcome: { kind: 'found', text: read.text }, mayPass: false, status };
      // What was done is done, whatever the service says about it.
      if (this.#effect === 'write')
        return { ...nothing, outcome: { kind: 'found', text: null }, mayPass: false, status };
      if (read.kind === 'nothing')
        return { ...nothing, outcome: { kind: 'nothing' }, mayPass: false, status, said: text };
      return { ...nothing, outcome: { kind: 'failed' }, mayPass: false, status, why: read.why, said: text };
    } catch (error) {
      const { code, why, isOver } = faultOf(error);
      const isDoneByNobody = isNotSent(code) && !this.#limited.hadAnswer(error);
      const isUnknown = this.#effect === 'write' && !isDoneByNobody;
      const mayPass = !isOver && !(error instanceof ParleyError);
      return { ...nothing, outcome: { kind: isUnknown ? 'unknown' : 'failed' }, mayPass, why };
    }
  }

  #answer(request: FilledRequest, outcome: Outcome): ToolResponse {
    const response = sentenceFor(outcome, this.#effect, this.#fields);
    const text = response['result'];
    // A secret that is cut in two is not found any more.
    const shown =
      typeof text === 'string'
        ? { ...response, result: cappedText(this.#withoutSecrets(text), answerCharactersMax) }
        : response;
    const isKept = this.#effect === 'read' && (outcome.kind === 'found' || outcome.kind === 'nothing');
    if (isKept) this.#cache.keep(request, shown, Date.now());
    return shown;
  }

  #log(
    { outcome, status, why, said }: Try,
    { tries, ms, isLast }: { readonly tries: number; readonly ms: number; readonly isLast: boolean },
    { log }: ToolContext,
  ): void {
    const isGood = outcome.kind === 'found' || outcome.kind === 'nothing';
    log(isLast ? 'lookupAnswered' : 'lookupTriedAgain', {
      outcome: outcome.kind,
      ...(status === null ? {} : { status }),
      ...(why === null ? {} : { why }),
      tries,
      ms: Math.round(ms),
      ...(isGood || said === '' ? {} : { pii: { said: shortText(this.#withoutSecrets(said), shownCharactersMax) } }),
    });
  }

  #withoutSecrets(text: string): string {
    return withoutSecrets(text, this.#fields.secrets);
  }
}

/** Milliseconds that a service wants to be left alone for; what is no number of seconds is no wish. */
function retryAfter(header: string | null): number {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : 0;
}

/** What went wrong on the way, without the address, which may hold what the caller said. */
function faultOf(error: unknown): { code: string; why: string; isOver: boolean } {
  if (error instanceof ParleyError) return { code: error.code, why: error.message, isOver: false };
  const isOver = error instanceof DOMException;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (isOver) return { code, why: 'there was no answer in time', isOver };
  return { code, why: `the connection failed${code === '' ? '' : ` (${code})`}`, isOver };
}
