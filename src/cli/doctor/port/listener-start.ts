import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import { basename } from 'node:path';

/** What `/proc` counts the start of a process in: USER_HZ, which is 100 wherever Node runs. */
const ticksPerSecond = 100;

/** Of a socket in `/proc/net/tcp`. */
const listening = '0A';

/** Whoever listens there is reached at every address of the machine. */
const wildcards = ['0.0.0.0', '::'];

/**
 * Since when the process of Node runs that listens for a host and TCP port of this machine, in Unix ms. Null where that is not told: elsewhere
 * than on Linux, of another user's process, and where several may be meant.
 */
export async function listenerStartMs(host: string, port: number, unixMs: number): Promise<number | null> {
  try {
    const places = await placesOf(host);
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listenersIn(table, places, port));
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isNode(name) && hasOne(name, sockets));
    const [pid] = pids;
    return pid === undefined || pids.length > 1 ? null : unixMs - ageSeconds(pid) * 1000;
  } catch {
    return null;
  }
}

/** Where a socket listens that is asked at this host. */
async function placesOf(host: string): Promise<BlockList> {
  const places = new BlockList();
  const ofHost = (await lookup(host, { all: true })).map(({ address }) => address);
  for (const address of [...wildcards, ...ofHost]) places.addAddress(address, familyOf(address));
  return places;
}

/** The sockets that listen there, as the links below `/proc/<pid>/fd` name them. */
function listenersIn(table: string, places: BlockList, port: number): string[] {
  const rows = readFileSync(table, 'latin1').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    const [addressHex = '', portHex = ''] = local.split(':');
    if (state !== listening || Number.parseInt(portHex, 16) !== port) return [];
    const address = addressOf(addressHex);
    return places.check(address, familyOf(address)) ? [`socket:[${inode}]`] : [];
  });
}

/** An address as `/proc/net` writes it: words of 32 bits, each in the byte order of the machine. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  return bytes.length === 4 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
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
