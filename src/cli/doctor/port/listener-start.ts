import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** What `/proc` counts the start of a process in: USER_HZ, which is 100 wherever Node runs. */
const ticksPerSecond = 100;

/** Of a socket in `/proc/net/tcp`. */
const listening = '0A';

/**
 * Since when the process of Node runs that listens on a TCP port of this machine, in Unix ms. Null where that is not told: elsewhere than on
 * Linux, and of another user's process.
 */
export function listenerStartMs(port: number, unixMs: number): number | null {
  try {
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listenersIn(table, port));
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isNode(name) && hasOne(name, sockets));
    return pid === undefined ? null : unixMs - ageSeconds(pid) * 1000;
  } catch {
    return null;
  }
}

/** The sockets that listen on a port, as the links below `/proc/<pid>/fd` name them. */
function listenersIn(table: string, port: number): string[] {
  const rows = readFileSync(table, 'latin1').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    const isMeant = state === listening && Number.parseInt(local.split(':')[1] ?? '', 16) === port;
    return isMeant ? [`socket:[${inode}]`] : [];
  });
}

/** A port that is passed on, as into a container, belongs to another program. */
function isNode(pid: string): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)) === 'node';
  } catch {
    return false;
  }
}

function hasOne(pid: string, sockets: readonly string[]): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((name) => {
    try {
      return sockets.includes(readlinkSync(`${folder}/${name}`));
    } catch {
      // It was closed meanwhile.
      return false;
    }
  });
}

function ageSeconds(pid: string): number {
  const uptimeSeconds = Number.parseFloat(readFileSync('/proc/uptime', 'latin1'));
  // The name of the program, in brackets, may hold anything.
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const startTicks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  return uptimeSeconds - startTicks / ticksPerSecond;
}
