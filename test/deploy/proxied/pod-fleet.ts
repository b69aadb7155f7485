import type { TestContext } from 'vitest';
import { manifestOf, routerCaddyfile } from '../deploy-files.ts';
import { CaddyProcess, freePort } from './caddy-process.ts';
import { ProxiedFleet, startMembers } from './proxied-fleet.ts';

/** The pods and their addresses, which are those of this machine: Linux takes every address of loopback. */
const pods = [
  { INSTANCE: 'parley-0', HOST: '127.0.0.10' },
  { INSTANCE: 'parley-1', HOST: '127.0.0.11' },
];

/** Two pods of the manifests without their containers, and the router with its file, in which addresses stand for names. */
export async function podFleet(context: TestContext): Promise<ProxiedFleet> {
  const PORT = String(await freePort());
  const { data } = manifestOf('ConfigMap', 'parley');
  const settings = pods.map((pod) => ({ ...data, ...pod, PORT, ADMIN_PORT: 'off', ADMIN_HOST: '' }));
  const members = await startMembers(context, settings);
  const target = `http://127.0.0.1:${await freePort()}`;
  const everyPod = pods.map(({ HOST }) => `${HOST}:${PORT}`).join(' ');
  const text = routerCaddyfile()
    .replace('admin off', 'admin off\n\tdefault_bind 127.0.0.1')
    .replace('\n:8080 {', `\n:${new URL(target).port} {`)
    .replace('(parley-[0-9]{1,3})', '(parley-([0-9]{1,3}))')
    .replace('{re.pod.1}.parley-pods:8080', `127.0.0.1{re.pod.2}:${PORT}`)
    .replaceAll(/\bparley(?:-pods)?:8080/g, everyPod);
  const isUp = (): Promise<boolean> =>
    fetch(`${target}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  const caddy = await CaddyProcess.start(context, { text, env: {}, isUp });
  return new ProxiedFleet(context, members, caddy, target);
}
