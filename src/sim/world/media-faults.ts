import type { FaultOf } from '../faults/fault.ts';

/** A frame of the caller's media socket that nobody can use. */
export function garbageFrame(kind: FaultOf<'mediaGarbage'>['kind'], streamSid: string): string | Uint8Array {
  const media = { track: 'inbound', chunk: '1', timestamp: '100', payload: '////' };
  switch (kind) {
    case 'binary':
      return Uint8Array.of(1, 2, 3);
    case 'notJson':
      return '{"event":"media",';
    case 'unknownEvent':
      return JSON.stringify({ event: 'weather', sequenceNumber: '9', streamSid });
    case 'wrongStream':
      return JSON.stringify({ event: 'media', sequenceNumber: '9', streamSid: `MZ${'f'.repeat(32)}`, media });
    case 'numbers':
      return JSON.stringify({ event: 'media', sequenceNumber: 9, streamSid, media: { ...media, chunk: 1 } });
    case 'badBase64':
      return JSON.stringify({ event: 'media', sequenceNumber: '9', streamSid, media: { ...media, payload: '/' } });
    case 'outbound':
      return JSON.stringify({ event: 'media', sequenceNumber: '9', streamSid, media: { ...media, track: 'outbound' } });
    case 'secondStart':
      return JSON.stringify({ event: 'start', sequenceNumber: '1', streamSid, start: {} });
    case 'wrongMark':
      return JSON.stringify({ event: 'mark', sequenceNumber: '9', streamSid, mark: { name: 'g0.0' } });
  }
}

/** The event name of a frame that the carrier sends. Its first key is always the event, so nothing is parsed. */
export function eventOf(text: string): string {
  const start = '{"event":"'.length;
  return text.slice(start, text.indexOf('"', start));
}
