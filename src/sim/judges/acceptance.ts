import type { CallSettings } from '../../call/call-settings.ts';
import type { CarrierNote } from '../carrier/carrier-events.ts';

/**
 * Who was connected with the caller without having taken the call, although it must be taken by pressing 1. The notes are those of the phone
 * network, which knows who pressed what.
 */
export function connectedUnasked(notes: readonly CarrierNote[], { destinations, fallback }: CallSettings): string[] {
  const mustAccept = new Set(
    Object.values(destinations).flatMap(({ accept, targets }) =>
      accept === 'press1' ? targets.map(({ address }) => address) : [],
    ),
  );
  // Whoever answers the fallback has the caller, even if the same number is a destination.
  if (fallback.number !== null) mustAccept.delete(fallback.number);
  const broken: string[] = [];
  let pressed: string | null = null;
  for (const note of notes) {
    if (note.kind === 'dial.started') pressed = null;
    if (note.kind === 'callee.pressed') pressed = note.digit;
    const isConnected = note.kind === 'dial.bridged' || (note.kind === 'dial.ended' && note.bridged);
    if (isConnected && mustAccept.has(note.to) && pressed !== '1')
      broken.push(`somebody has the caller who did not press 1 (${pressed ?? 'nothing'})`);
  }
  return broken;
}

/** Whether somebody at this number or address may be called at all. A conference has a name and no address. */
export function mayBeCalled(to: string, { destinations, fallback }: CallSettings): boolean {
  const addresses = Object.values(destinations).flatMap(({ targets }) => targets.map(({ address }) => address));
  return !/^(?:\+|sips?:)/.test(to) || fallback.number === to || addresses.includes(to);
}
