import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { deployText, parleyServices, settingsOf } from '../deploy-files.ts';
import { CaddyProcess, freePort } from './caddy-process.ts';
import { ProxiedFleet, publicUrl, startMembers } from './proxied-fleet.ts';
import { answersTls, type TlsServer, TlsWay } from './tls-way.ts';

/** Where a process listens that has no container of its own. */
const here = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: 'off', ADMIN_HOST: '' };

/** On loopback, with certificates of its own. */
const options = (port: number): string => `
  admin off
  default_bind 127.0.0.1
  https_port ${port}
  auto_https disable_redirects
  local_certs
  skip_install_trust
`;

/** The services of the compose file without their containers: Parley with the settings that it has there, and the proxy with its file. */
export async function composeFleet(
  context: TestContext,
  changes: Readonly<Record<string, string>> = {},
): Promise<ProxiedFleet> {
  const settings = parleyServices.map(([, service]) => {
    const { DATABASE_URL: _there, ...own } = settingsOf(service, {
      PUBLIC_URL: publicUrl,
      ADMIN_TOKEN: 'operator-of-compose',
    });
    return { ...own, ...here, ...changes };
  });
  const members = await startMembers(context, settings);
  const upstreams = members.map(({ instance, process }) => [
    `PARLEY_${instance.toUpperCase()}`,
    `127.0.0.1:${process.port}`,
  ]);
  const port = await freePort();
  const caddy = await CaddyProcess.start(context, {
    text: deployText('Caddyfile'),
    env: { PUBLIC_URL: publicUrl, CADDY_OPTIONS: options(port), ...Object.fromEntries(upstreams) },
    isUp: async (home) => existsSync(certificateIn(home)) && answersTls(serverOf(home, port)),
  });
  const way = await TlsWay.open(serverOf(caddy.home, port));
  context.onTestFinished(() => way.close());
  return new ProxiedFleet(context, members, caddy, way.url);
}

function certificateIn(home: string): string {
  return join(home, 'caddy/pki/authorities/local/root.crt');
}

function serverOf(home: string, port: number): TlsServer {
  return { port, name: new URL(publicUrl).hostname, authority: readFileSync(certificateIn(home), 'utf8') };
}
