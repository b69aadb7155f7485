import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { CallSound, RecordedTimeline } from '../../calllog/timeline/recorded-timeline.ts';
import { moduleName } from './page-modules.ts';

/** The module that draws the page. */
export const pageEntry = 'web/call/page.ts';

/** What draws the page of a call. */
export interface PageParts {
  /** By the path of each. */
  readonly modules: ReadonlyMap<string, string>;
  /** By the name of each. */
  readonly packages: ReadonlyMap<string, string>;
  readonly styles: readonly string[];
}

/**
 * The page of one call as a file that needs nothing else: opened from a disk, it asks nobody for anything, and its Content-Security-Policy
 * lets it ask nobody. Modules stand in the import map, so no bundler is needed.
 */
export function callFile(
  { timeline, sound }: { readonly timeline: RecordedTimeline; readonly sound: CallSound },
  { modules, packages, styles }: PageParts,
): string {
  const imports = [...packages, ...[...modules].map(([path, text]) => [moduleName(path), text] as const)];
  const importMap = JSON.stringify({
    imports: Object.fromEntries(imports.map(([name, text]) => [name, `data:text/javascript;base64,${base64(text)}`])),
  });
  const start = `await import(${JSON.stringify(moduleName(pageEntry))});`;
  const style = styles.join('\n');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(importMap)} ${hashOf(start)} data:`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Call ${asText(timeline.callSid)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<script type="importmap">${importMap}</script>
</head>
<body>
<main id="page"><p>This page needs JavaScript and a browser of 2023 or later.</p></main>
<script type="application/json" id="call-timeline">${asData(JSON.stringify(timeline))}</script>
${laneNames.map((lane) => `<script type="text/plain" id="call-sound-${lane}">${packed(sound[lane])}</script>`).join('\n')}
<script type="module">${start}</script>
</body>
</html>
`;
}

const laneNames = ['caller', 'heard', 'cleared'] as const;

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function packed(lane: Uint8Array): string {
  return lane.length === 0 ? '' : gzipSync(lane).toString('base64');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** What was spoken may hold the end of a script. */
function asData(json: string): string {
  return json.replaceAll('<', String.raw`\u003c`);
}

function asText(text: string): string {
  return text.replaceAll(/[^\w-]/g, '');
}
