import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that lead an address of the internet to a port of this machine, and the line that starts them. */
const tunnels: readonly { readonly program: string; readonly line: (port: number) => string; readonly note: string }[] =
  [
    {
      program: 'cloudflared',
      line: (port) => `cloudflared tunnel --url http://localhost:${port}`,
      note: 'no account; another address each time',
    },
    { program: 'ngrok', line: (port) => `ngrok http ${port}`, note: 'an account; the address can stay' },
    { program: 'tailscale', line: (port) => `tailscale funnel ${port}`, note: 'an account; the address stays' },
    { program: 'devtunnel', line: (port) => `devtunnel host -p ${port} --allow-anonymous`, note: 'an account' },
  ];

/** What is said of tunnels: those that are here, or the one that is got fastest. `path`: the variable PATH. */
export function tunnelLines(port: number, path: string): string[] {
  const here = tunnels.filter(({ program }) => isInstalled(program, path));
  if (here.length === 0)
    return [
      'No tunnel is installed. The fastest to get is cloudflared, without an account: https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/',
      `Then, in another terminal: cloudflared tunnel --url http://localhost:${port}`,
    ];
  return ['In another terminal, one of:', ...here.map(({ line, note }) => `  ${line(port)}   (${note})`)];
}

function isInstalled(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
