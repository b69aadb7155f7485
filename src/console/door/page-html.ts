import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from 'express';
import { packageFolder } from '../../config/package-folder.ts';
import { type ConsolePage, homeOf } from './console-part.ts';
import { importMap } from './files/page-files.ts';

/** The page as it is sent: its frame, the menu, and an empty place that its `page.ts` fills. */
export function pageHtml(page: ConsolePage, pages: readonly ConsolePage[]): string {
  const ownStyle = `web/${page.folder}/style.css`;
  const styles = existsSync(join(packageFolder, ownStyle)) ? [styleLink(ownStyle)] : [];
  // By this a page knows to which others it may lead.
  const paths = pages.map(({ path }) => path).join(' ');
  return framed({
    title: page.title,
    attributes: ` data-pages="${escaped(paths)}"`,
    head: [
      ...styles,
      `<script type="importmap">${importMap}</script>`,
      `<script type="module" src="/web/${page.folder}/page.ts"></script>`,
    ],
    menu: menuHtml(pages, page),
    content: '<noscript><p>These pages want JavaScript. Please switch it on.</p></noscript>',
  });
}

/** What stands at an address that has no page: that there is none, and the way to those that there are. */
export function noPageHtml(pages: readonly ConsolePage[]): string {
  const home = homeOf(pages);
  const wayBack = home === undefined ? '' : `<a class="back" href="${home.path}">← ${escaped(home.title)}</a>`;
  return framed({
    title: 'No such page',
    attributes: '',
    head: [],
    menu: menuHtml(pages, null),
    content: `${wayBack}<h1>No such page</h1><p>There is nothing at this address.</p>`,
  });
}

/** Whether an answer is looked at in a browser: it asks for a page, and is given one rather than JSON. Programs and scripts do not. */
export function wantsPage(req: Request): boolean {
  return req.method === 'GET' && req.accepts(['json', 'html']) === 'html';
}

interface Frame {
  readonly title: string;
  /** Of the root element. */
  readonly attributes: string;
  /** What a page loads beside what all of them do. */
  readonly head: readonly string[];
  readonly menu: string;
  readonly content: string;
}

function framed({ title, attributes, head: ownHead, menu, content }: Frame): string {
  return `<!doctype html>
<html lang="en"${attributes}>
<head>
${[head(title), styleLink('web/shared/style.css'), ...ownHead].join('\n')}
</head>
<body>
<a class="skip" href="#page">Skip to the page</a>
<header>
<strong>Parley</strong>
<nav aria-label="Pages">${menu}</nav>
<form method="post" action="/logout"><button class="quiet">Log out</button></form>
</header>
<main id="page" tabindex="-1">${content}</main>
</body>
</html>
`;
}

/** Links to the pages that stand in the menu. The present one is marked, or the one above it. */
function menuHtml(pages: readonly ConsolePage[], present: ConsolePage | null): string {
  const mark = ({ path }: ConsolePage): string => {
    if (path === present?.path) return ' aria-current="page"';
    return path === present?.below ? ' aria-current="true"' : '';
  };
  return pages
    .filter(({ below }) => below === undefined)
    .map((one) => `<a href="${one.path}"${mark(one)}>${escaped(one.title)}</a>`)
    .join('');
}

function styleLink(path: string): string {
  return `<link rel="stylesheet" href="/${path}">`;
}

/** What the log-in page says and where it leads. */
export interface LoginWords {
  /** How to log in. */
  readonly how: string;
  /** Why the last attempt failed; null before one. */
  readonly problem: string | null;
  /** The page that was asked for. */
  readonly to: string;
}

/** The log-in page. It stands alone: nothing else is sent to whoever is not logged in. */
export function loginHtml({ how, problem, to }: LoginWords, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
${head('Log in')}
<style>${style}</style>
</head>
<body>
<header><strong>Parley</strong></header>
<main>
<form class="login" method="post" action="/login">
<h1>Log in</h1>
<p id="how">${escaped(how)}</p>
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" aria-describedby="how" required autofocus>
${problem === null ? '' : `<p class="problem" role="alert">${escaped(problem)}</p>`}
<input type="hidden" name="to" value="${escaped(to)}">
<button>Log in</button>
</form>
</main>
</body>
</html>
`;
}

function head(title: string): string {
  return `<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(title)} · Parley</title>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
