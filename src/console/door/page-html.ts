import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../config/package-folder.ts';
import type { ConsolePage } from './console-part.ts';
import { importMap } from './files/page-files.ts';

/** The page as it is sent: its frame, the menu, and an empty place that its `page.ts` fills. */
export function pageHtml(page: ConsolePage, pages: readonly ConsolePage[]): string {
  const links = pages
    .filter(({ isUnlisted }) => isUnlisted !== true)
    .map((one) => `<a href="${one.path}"${one === page ? ' aria-current="page"' : ''}>${escaped(one.title)}</a>`);
  const ownStyle = `web/${page.folder}/style.css`;
  const styles = ['web/shared/style.css', ...(existsSync(join(packageFolder, ownStyle)) ? [ownStyle] : [])];
  // By this a page knows to which others it may lead.
  const paths = pages.map(({ path }) => path).join(' ');
  return `<!doctype html>
<html lang="en" data-pages="${escaped(paths)}">
<head>
${head(page.title)}
${styles.map((path) => `<link rel="stylesheet" href="/${path}">`).join('\n')}
<script type="importmap">${importMap}</script>
<script type="module" src="/web/${page.folder}/page.ts"></script>
</head>
<body>
<a class="skip" href="#page">Skip to the page</a>
<header>
<strong>Parley</strong>
<nav aria-label="Pages">${links.join('')}</nav>
<form method="post" action="/logout"><button class="quiet">Log out</button></form>
</header>
<main id="page" tabindex="-1"><noscript><p>These pages want JavaScript. Please switch it on.</p></noscript></main>
</body>
</html>
`;
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
