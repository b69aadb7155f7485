import { isIP } from 'node:net';

/** A host that may be reached, and what is excused for it. */
export interface HostRule {
  /** As an address spells it: small letters, punycode, no dot at the end; an IPv6 address in brackets. */
  readonly host: string;
  /** Null: the usual port of the scheme. */
  readonly port: number | null;
  /** Whether its address may be one of this machine or its network. */
  readonly allowPrivate: boolean;
  /** Whether it may be spoken to without encryption. */
  readonly allowHttp: boolean;
}

/** Reads `api.example.com` or `localhost:8090`, however it is written; null when it is no host. */
export function parseHost(text: string): Pick<HostRule, 'host' | 'port'> | null {
  const [, name = '', port] = /^(\[[\da-f:.]+\]|[^\s/\\?#@:[\]]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  // An address drops a port that is usual for its scheme, so it is not asked for it.
  const url = URL.parse(`https://${name}/`);
  if (name === '' || url === null || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) return null;
  return { host: canonicalHost(url), port: port === undefined ? null : Number(port) };
}

/** The host of an address, without the dot that only a resolver knows. */
export function canonicalHost(url: URL): string {
  return url.hostname.replace(/\.$/, '');
}

/** The IP address that an address names instead of a host; null for a name. */
export function literalAddress(host: string): string | null {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? null : address;
}

/** The port that an address means. */
function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'http:' ? 80 : 443;
}

/** The rule for what an address names; undefined when none does. */
export function ruleFor(rules: readonly HostRule[], url: URL): HostRule | undefined {
  const usualPort = url.protocol === 'http:' ? 80 : 443;
  const host = canonicalHost(url);
  return rules.find((rule) => rule.host === host && (rule.port ?? usualPort) === portOf(url));
}

/** The rules that a list of hosts in the tools file makes. What is no host makes none. */
export function hostRules(hosts: readonly (string | NamedHost)[]): HostRule[] {
  return hosts.flatMap((entry) => {
    const named = typeof entry === 'string' ? { host: entry } : entry;
    const parsed = parseHost(named.host);
    if (parsed === null) return [];
    const { allow_private: allowPrivate = false, allow_http: allowHttp = allowPrivate } = named;
    return [{ ...parsed, allowPrivate, allowHttp }];
  });
}

interface NamedHost {
  readonly host: string;
  readonly allow_private?: boolean | undefined;
  readonly allow_http?: boolean | undefined;
}
