import { describe, expect, test } from 'vitest';
import type { AgentSetup } from '../../src/gemini/setup.ts';
import { recordedAgent } from '../wire-fixtures.ts';
import { SessionBench, setupComplete } from './session-bench.ts';

const unknownName = `Invalid JSON payload received. Unknown name "languageCodes" at 'setup.input_audio_transcription': Cannot find field.`;
const invalid = 'Request contains an invalid argument.';

describe('a setup with a language for the transcript', () => {
  test.for([unknownName, invalid])('that is refused with "%s" is sent once more without it', (reason) => {
    const bench = new SessionBench();
    const { facts } = bench.opens(null, german());
    bench.latest.socket.opened();
    bench.latest.socket.closed(1007, reason);
    bench.latest.socket.opened();
    bench.latest.socket.received(setupComplete, false);
    expect(facts).toEqual([{ type: 'model.opened' }]);
    expect(transcriptions(bench)).toEqual(['{"languageCodes":["de-AT"]}', '{}']);
    expect(bench.log.named('languageRefused')).toMatchObject([{ level: 'warn', language: 'de-AT' }]);
  });

  test('that was refused is sent without it from then on, and only once where that is refused too', () => {
    const bench = new SessionBench();
    const agent = german();
    bench.opens(null, agent);
    for (const reason of [unknownName, null]) {
      bench.latest.socket.opened();
      if (reason === null) bench.latest.socket.received(setupComplete, false);
      else bench.latest.socket.closed(1007, reason);
    }
    const { facts } = bench.opens(null, agent);
    bench.latest.socket.opened();
    bench.latest.socket.closed(1007, invalid);
    expect(transcriptions(bench)).toEqual(['{"languageCodes":["de-AT"]}', '{}', '{}']);
    expect(facts).toMatchObject([{ type: 'model.openFailed', remedy: 'fresh' }]);
    expect(bench.log.named('languageRefused')).toHaveLength(1);
  });

  test('that is refused without it as well is not said to be at fault', () => {
    const bench = new SessionBench();
    const { facts } = bench.opens(null, german());
    for (let times = 0; times < 2; times += 1) {
      bench.latest.socket.opened();
      bench.latest.socket.closed(1007, invalid);
    }
    expect(facts).toMatchObject([{ type: 'model.openFailed', remedy: 'fresh' }]);
    expect([bench.connections.length, bench.log.named('languageRefused')]).toEqual([2, []]);
  });

  test('that is refused for a key, or with a handle that may be to blame, fails as any other', () => {
    for (const [reason, handle, remedy] of [
      ['API key not valid.', null, 'none'],
      [invalid, 'h1', 'fresh'],
    ] as const) {
      const bench = new SessionBench();
      const { facts } = bench.opens(null, german(), handle);
      bench.latest.socket.opened();
      bench.latest.socket.closed(1007, reason);
      expect(facts).toMatchObject([{ type: 'model.openFailed', remedy }]);
      expect(bench.connections).toHaveLength(1);
    }
  });

  test('that is closed by us meanwhile is not sent again', () => {
    const bench = new SessionBench();
    const { session, facts } = bench.opens(null, german());
    bench.latest.socket.opened();
    session.close();
    bench.latest.socket.closed(1007, unknownName);
    expect([facts, bench.connections.length]).toEqual([[], 1]);
  });
});

/** An agent of its own, which speaks German. */
function german(): AgentSetup {
  return { ...recordedAgent, settings: { ...recordedAgent.settings, transcriptionLanguage: 'de-AT' } };
}

/** The transcription of each setup that was sent. */
function transcriptions({ sent }: SessionBench): unknown[] {
  return sent.map((message) => JSON.stringify(message).match(/"inputAudioTranscription":(\{.*?\})/)?.[1]);
}
