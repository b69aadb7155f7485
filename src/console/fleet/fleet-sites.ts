import type { CallHistory, PastCallStory } from '../../store/history/call-history.ts';
import type { Clock } from '../../system/clock.ts';
import type { Randomness } from '../../system/randomness.ts';
import { within } from '../../system/within.ts';
import { type AskedPages, unreachable } from '../joined/ask-pages.ts';
import { type CallPlace, unseenCalls } from '../joined/joined-live.ts';
import type { Problem } from '../live/problems.ts';
import type { FleetKey } from './fleet-key.ts';
import { passHeader, writePass } from './fleet-pass.ts';
import { originIn } from './site-address.ts';

/** The pages of a process that lives take milliseconds. */
const answerMsMax = 3_000;

/** How long it is waited for the journal to say who has a call, or its recording. Its reader may have to start first. */
const historyMsMax = 8_000;

const unsaid = 'The journal does not say which process has this call. Try again in a moment.';

/** A process of the fleet that lives. */
export interface FleetMember {
  /** Null for one without a name, which nobody can ask. */
  readonly instance: string | null;
  /** Where its pages are, as it has announced it; null where it shows none, or is of a version before. */
  readonly pages: string | null;
}

/** What is known of the other processes. */
export interface FleetSitesParts {
  /** The instances that are this side's own. */
  readonly instances: readonly string[];
  /** All that live, these as well, in any order. */
  readonly members: () => readonly FleetMember[];
  /** Null without an ADMIN_TOKEN: then nobody can be asked. */
  readonly key: FleetKey | null;
  /** Knows who has which call; null where nobody does. */
  readonly history: Pick<CallHistory, 'find'> | null;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** The operator's pages of the other processes of the fleet. Workers behind one port are one site. */
export class FleetSites {
  readonly #parts: FleetSitesParts;

  constructor(parts: FleetSitesParts) {
    this.#parts = parts;
  }

  /** Those that can be asked. */
  get sites(): readonly AskedPages[] {
    const byOrigin = Map.groupBy(this.#announced(), ({ origin }) => origin);
    return [...byOrigin].map(([origin, members]) => this.#pagesOf(origin, members));
  }

  /** Whose calls cannot be shown here, and why. */
  get problems(): readonly Problem[] {
    return this.#others().flatMap(({ instance, pages }) => {
      if (instance === null) return unseenCalls('a process without INSTANCE', 'Only those with a name can be asked.');
      if (this.#parts.key === null) return unseenCalls(instance, 'Set the same ADMIN_TOKEN for both.');
      if (pages === null) return unseenCalls(instance, 'It has not said where its pages are.');
      return this.#originOf(instance, pages) === null
        ? unseenCalls(instance, 'It has another ADMIN_TOKEN than this process.')
        : [];
    });
  }

  /** The pages of an instance; null when it cannot be asked. */
  siteOf(instance: string): AskedPages | null {
    return this.sites.find(({ name }) => name.split(', ').includes(instance)) ?? null;
  }

  isOwn(instance: string): boolean {
    return this.#parts.instances.includes(instance);
  }

  /** Where a call is that is not known to be here: where its board says so, else where the journal does. */
  async placeOf(callSid: string, board: string | null): Promise<CallPlace> {
    const site = this.sites.find(({ name }) => name === board);
    if (site !== undefined) return { kind: 'at', pages: site };
    const told = await this.toldOf(callSid);
    if (told === null) return { kind: 'away', why: unsaid };
    const { instance = null, endedAtMs = null } = told.story?.call ?? {};
    if (instance === null || this.isOwn(instance)) return { kind: 'here' };
    const pages = this.siteOf(instance);
    if (pages !== null) return { kind: 'at', pages };
    return endedAtMs === null ? { kind: 'away', why: unreachable(instance, 'call') } : { kind: 'here' };
  }

  /** What the journal says of a call; null when it says nothing in time. */
  async toldOf(callSid: string): Promise<{ readonly story: PastCallStory | null } | null> {
    const { history } = this.#parts;
    if (history === null) return { story: null };
    const told = history.find(callSid).then(
      (story) => ({ story }),
      () => null,
    );
    return within(told, historyMsMax);
  }

  #others(): readonly FleetMember[] {
    const others = this.#parts.members().filter(({ instance }) => instance === null || !this.isOwn(instance));
    // What is told of them, and what a site is called, are the same in whichever order the leases come.
    return others.toSorted((one, other) => (one.instance ?? '').localeCompare(other.instance ?? ''));
  }

  #announced(): readonly { readonly instance: string; readonly origin: string }[] {
    return this.#others().flatMap(({ instance, pages }) => {
      const origin = instance === null || pages === null ? null : this.#originOf(instance, pages);
      return instance === null || origin === null ? [] : [{ instance, origin }];
    });
  }

  #originOf(instance: string, pages: string): string | null {
    const { key } = this.#parts;
    return key === null ? null : originIn(key, instance, pages);
  }

  #pagesOf(origin: string, members: readonly { readonly instance: string }[]): AskedPages {
    const { key, clock, randomness } = this.#parts;
    const [instance = ''] = members.map((member) => member.instance);
    return {
      name: members.map((member) => member.instance).join(', '),
      origin,
      answerMsMax,
      lettingIn: (method, path, viewer): Readonly<Record<string, string>> => {
        if (key === null) return {};
        const request = { instance, method, path, viewer: viewer?.session ?? 'board' };
        return { [passHeader]: writePass(key, request, clock.unixMs(), randomness.token()) };
      },
    };
  }
}
