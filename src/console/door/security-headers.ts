import { createHash } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** What stands in a page itself and may be used, beside what the server's own files hold. */
export interface InlineText {
  readonly script?: string;
  readonly style?: string;
}

const fixedHeaders = {
  // Whatever holds no other rule holds personal data.
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(self), display-capture=(self), geolocation=()',
  // Without any, a browser sends its own forms from nowhere, and this server refuses them.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Gives every answer the headers that make a browser careful. */
export function secured(_req: Request, res: Response, next: NextFunction): void {
  res.set({ ...fixedHeaders, 'content-security-policy': contentPolicy({}) });
  next();
}

/** What a page may load and do: its own server's files and data, and nothing of anybody else. */
export function contentPolicy({ script, style }: InlineText): string {
  return [
    "default-src 'none'",
    `script-src 'self'${hashOf(script)}`,
    `style-src 'self'${hashOf(style)}`,
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // No text becomes HTML or code, whatever a script tries.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(text: string | undefined): string {
  return text === undefined ? '' : ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
