import type { HttpFields } from './http-fields.ts';
import { type Arguments, fillTemplate, lacksArgument, wholeArgument } from './placeholders.ts';
import { textEncoding } from './text-body.ts';
import { fillUrl, parseUrlTemplate } from './url-template.ts';

/** A request with the model's arguments in it. It may hold secrets. */
export interface FilledRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Says what is asked of whom; null when an argument would change the path of the address. `key` is that of a write. */
export function fillRequest(fields: HttpFields, args: Arguments, key: string | null): FilledRequest | null {
  const template = parseUrlTemplate(fields.url);
  const url = typeof template === 'string' ? null : fillUrl(template, args);
  if (url === null) return null;
  for (const [name, value] of Object.entries(fields.query)) {
    if (!lacksArgument(String(value), args)) url.searchParams.append(name, fillTemplate(String(value), args, asIs));
  }
  const content = fields.body === undefined ? null : filledBody(fields.body, args);
  const idempotencyHeader = fields.idempotency_header ?? 'Idempotency-Key';
  const headers = {
    accept: 'application/json, text/plain;q=0.9',
    ...(content === null ? {} : { 'content-type': content.type }),
    ...(key === null || idempotencyHeader.toLowerCase() === 'off' ? {} : { [idempotencyHeader.toLowerCase()]: key }),
    ...lowerCased(fields.headers),
  };
  return { url: url.href, method: fields.method, headers, body: content?.text ?? null };
}

function filledBody(body: NonNullable<HttpFields['body']>, args: Arguments): { text: string; type: string } {
  if (body.form !== undefined) {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(body.form)) {
      if (!lacksArgument(String(value), args)) form.append(name, fillTemplate(String(value), args, asIs));
    }
    return { text: form.toString(), type: 'application/x-www-form-urlencoded' };
  }
  if (body.text !== undefined) {
    const { text, type = 'text/plain' } = body;
    return { text: fillTemplate(text, args, textEncoding(type)), type };
  }
  return { text: JSON.stringify(filledJson(body.json, args) ?? null), type: 'application/json' };
}

/** A member whose argument was left out is left out. */
function filledJson(template: unknown, args: Arguments): unknown {
  if (Array.isArray(template)) {
    return template.map((item: unknown) => filledJson(item, args)).filter((item) => item !== undefined);
  }
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(Object.entries(template).map(([name, inner]) => [name, filledJson(inner, args)]));
  }
  if (typeof template !== 'string') return template;
  const whole = wholeArgument(template, args);
  return whole === undefined ? fillTemplate(template, args, asIs) : whole.value;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function asIs(text: string): string {
  return text;
}
