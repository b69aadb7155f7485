import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * What an IP address is good for: `public` is a machine in the internet; `private` is this machine, its network, or a link, and may be
 * allowed; `forbidden` is no machine that anybody means: whole groups, reserved and documentation ranges, the services that tell a cloud
 * machine its own keys, and IPv6 forms that hide an IPv4 address.
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

type Range = readonly [network: string, prefixBits: number];

/** RFC 1918, 1122, 3927 and 6598. */
const privateIpv4: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];

/** IANA's registry of special addresses, without those that are private. */
const forbiddenIpv4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Where clouds tell a machine its own keys: AWS, Google and Azure, tasks of AWS, Oracle, Alibaba, and the host of Azure.
  ['169.254.169.254', 32],
  ['169.254.170.2', 32],
  ['169.254.170.23', 32],
  ['192.0.0.192', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
];

/** RFC 4193 and 4291. */
const privateIpv6: readonly Range[] = [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
];

/** All that IANA has given out for machines of the internet. What lies outside, as mapped and translated IPv4 does, is no machine. */
const globalIpv6: Range = ['2000::', 3];

const forbiddenIpv6: readonly Range[] = [
  // Protocols, Teredo and benchmarks among them; Teredo holds an IPv4 address.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 holds an IPv4 address.
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
  // Where clouds tell a machine its own keys: AWS, its containers, and Google.
  ['fd00:ec2::254', 128],
  ['fd00:ec2::23', 128],
  ['fd20:ce::254', 128],
];

const privateList = blockList(privateIpv4, privateIpv6);
const forbiddenList = blockList(forbiddenIpv4, forbiddenIpv6);
const globalList = blockList([], [globalIpv6]);

/** Judges an address as a resolver gives it; what is no address is forbidden. */
export function addressKind(address: string): AddressKind {
  if (isIPv4(address)) {
    if (forbiddenList.check(address)) return 'forbidden';
    return privateList.check(address) ? 'private' : 'public';
  }
  // An address with a zone, such as fe80::1%eth0, names a link of this machine, and none is needed to reach a service.
  if (!isIPv6(address) || address.includes('%')) return 'forbidden';
  // A list of IPv4 addresses also finds them in their IPv6 form, which nobody needs in order to write one.
  if (/^(?:0{0,4}:){2,7}ffff:/i.test(address) || forbiddenList.check(address, 'ipv6')) return 'forbidden';
  if (privateList.check(address, 'ipv6')) return 'private';
  return globalList.check(address, 'ipv6') ? 'public' : 'forbidden';
}

function blockList(ipv4: readonly Range[], ipv6: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [network, prefixBits] of ipv4) list.addSubnet(network, prefixBits, 'ipv4');
  for (const [network, prefixBits] of ipv6) list.addSubnet(network, prefixBits, 'ipv6');
  return list;
}
