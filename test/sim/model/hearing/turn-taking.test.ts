import { describe, expect, test } from 'vitest';
import { OverlapHearing } from '../../../../src/sim/model/hearing/overlap-hearing.ts';
import { parseScript } from '../../../../src/sim/model/script/script.ts';
import type { ScriptInput } from '../../../../src/sim/model/script/script.ts';
import type { TurnTaking } from '../../../../src/sim/model/script/turn-taking.ts';
import { LateAudio } from '../../../../src/sim/model/speech/late-audio.ts';
import { seededRandom } from '../../../../src/sim/seeded-random.ts';
import { MachineClient, serviceOf } from '../machine-client.ts';

const listening = {
  realtimeInputConfig: { automaticActivityDetection: { prefixPaddingMs: 20, silenceDurationMs: 600 } },
  inputAudioTranscription: {},
};
const turns = [
  { steps: [{ say: 'long' }] },
  { heard: 'Stop that.', steps: [{ say: 'short', text: 'What is it?' }] },
  { steps: [{ say: 'short', text: 'And another.' }] },
];
const sounds = { 'mm-hm': 'backchannel', cough: 'noise', 'to the dog': 'aside', wait: 'speech' } as const;

/** Nothing by chance, so that one test shows one thing. */
const certain: TurnTaking = {
  noticeMs: 450,
  stopsAfterMs: [600, 600],
  stopsFor: { speech: 1, backchannel: 0, aside: 0, noise: 0 },
  answersLate: 0,
  lateAudio: [[1, 0]],
};
const deaf = { ...certain, stopsFor: { ...certain.stopsFor, speech: 0 } };

describe('speech over the model', () => {
  test('is noticed after so much of it, and the model stops when its profile says', () => {
    const { client, onsetMs } = spokenOver({ turnTaking: certain }, 1200);
    expect(client.timeOf('interrupted')).toBe(onsetMs + 600);
    client.stream(3000, 'silence');
    expect(client.transcript('inputTranscription')).toBe('Stop that.');
    expect(client.report.overlaps).toEqual([{ atMs: onsetMs + 460, clip: null, kind: 'speech', fate: 'stops' }]);
  });

  test('is answered once the model has finished, where it does not stop for it and has heard it', () => {
    const { client } = spokenOver({ turnTaking: { ...deaf, answersLate: 1 } }, 1200);
    client.stream(7000, 'silence');
    expect(client.words()).not.toContain('interrupted');
    const [first = 0, second = 0] = timesOf(client, 'turnComplete');
    expect(second).toBeGreaterThan(first);
    expect(client.transcript('inputTranscription')).toBe('Stop that.');
  });

  test('is answered with a text that comes before that, and then not once more', () => {
    const { client } = spokenOver({ turnTaking: { ...deaf, answersLate: 1 } }, 1200);
    client.stream(1000, 'silence');
    client.ask();
    client.stream(9000, 'silence');
    expect(client.transcript('outputTranscription')).toMatch(/What is it\?$/);
    expect(client.transcript('outputTranscription')).not.toContain('And another.');
  });

  test('is neither written down nor answered where it was not heard, and the next words get the answer', () => {
    const { client } = spokenOver({ turnTaking: deaf }, 1200);
    client.stream(12_000, 'silence');
    expect(timesOf(client, 'turnComplete')).toHaveLength(1);
    expect(client.transcript('inputTranscription')).toBe('');
    client.speak();
    expect(client.transcript('inputTranscription')).toBe('Stop that.');
  });

  test('is heard after all where it goes on when the model has finished', () => {
    const { client } = spokenOver({ turnTaking: deaf }, 1200);
    for (let words = 0; words < 8; words++) {
      client.stream(200, 'silence');
      client.stream(800, 'speech');
    }
    client.stream(3000, 'silence');
    expect(client.transcript('inputTranscription')).toBe('Stop that.');
  });

  test('is the turn of the caller at once where the model is silent', () => {
    const client = openedWith({ turnTaking: certain });
    client.stream(200, 'silence');
    client.speak();
    expect(client.words()).toContain('audio');
    expect(client.report.overlaps).toEqual([]);
  });

  test('is a backchannel where it is short and nobody tells what it is', () => {
    const { client } = spokenOver({ turnTaking: certain }, 240);
    client.stream(7000, 'silence');
    expect(client.words()).not.toContain('interrupted');
    expect(client.report.overlaps).toMatchObject([{ kind: 'backchannel', fate: 'unheard' }]);
  });
});

describe('sounds of which the host tells', () => {
  test.each([
    ['wait', 'speech', true],
    ['mm-hm', 'backchannel', false],
    ['to the dog', 'aside', false],
    ['cough', 'noise', false],
    [null, 'noise', false],
    ['not in the script', 'speech', true],
  ] as const)('%s is %s to the ideal model, however long: it stops: %s', (clip, kind, stops) => {
    const { client } = spokenOver({ turnTaking: 'ideal', sounds }, 900, clip);
    client.stream(8000, 'silence');
    expect(client.words().includes('interrupted')).toBe(stops);
    expect(client.report.overlaps).toMatchObject([{ clip, kind, fate: stops ? 'stops' : 'unheard' }]);
    expect(timesOf(client, 'turnComplete')).toHaveLength(stops ? 2 : 1);
  });

  test('are no turn of the caller in silence either, but for speech', () => {
    const service = serviceOf({ turns, turnTaking: 'ideal', sounds });
    const client = new MachineClient(service).open(listening);
    client.stream(200, 'silence');
    for (const clip of ['cough', 'mm-hm', 'wait']) {
      service.callerSays(clip, client.nowMs);
      client.speak();
    }
    client.run(3000);
    expect(client.values('serverContent', 'generationComplete')).toHaveLength(1);
  });

  test('do not keep a model waiting to which they are nothing, when it is told something meanwhile', () => {
    const { client } = spokenOver({ turnTaking: certain, sounds }, 200, 'cough');
    client.ask();
    client.stream(3000, 'speech');
    expect(client.transcript('outputTranscription')).toContain('What is it?');
  });

  test('are written down as nothing where they are noise, also by a model that stops for it', () => {
    const stopsForNoise = { ...certain, stopsFor: { ...certain.stopsFor, noise: 1 } };
    const { client } = spokenOver({ turnTaking: stopsForNoise, sounds }, 900, 'cough');
    client.stream(3000, 'silence');
    expect(client.words()).toContain('interrupted');
    expect(client.transcript('inputTranscription')).toBe('');
    expect(client.transcript('outputTranscription')).toContain('What is it?');
  });

  test('are told apart where noise has run into them', () => {
    const service = serviceOf({ turns, turnTaking: 'ideal', sounds });
    const client = new MachineClient(service).open(listening);
    client.ask();
    client.stream(1000, 'silence');
    client.stream(1400, 'speech');
    client.stream(200, 'silence');
    service.callerSays('wait', client.nowMs);
    client.stream(600, 'speech');
    expect(client.words()).toContain('interrupted');
    expect(client.report.overlaps).toMatchObject([{ kind: 'noise' }, { clip: 'wait', kind: 'speech', fate: 'stops' }]);
  });
});

describe('over many sounds', () => {
  test('Gemini stops for half of what interrupts it, 0.8 s late, and answers half of the rest', () => {
    const calls = drawn('gemini', 1200);
    expect(shareOf(calls, 'stops')).toBeCloseTo(0.52, 1);
    expect(shareOf(calls, 'answersLate')).toBeCloseTo(0.24, 1);
    const stoppedMs = calls.flatMap((call) => call.stoppedMs ?? []);
    expect(Math.min(...stoppedMs)).toBeGreaterThanOrEqual(450);
    expect(Math.max(...stoppedMs)).toBeLessThanOrEqual(1_060);
    expect(sumOf(stoppedMs) / stoppedMs.length / 1000).toBeCloseTo(0.76, 1);
  });

  test('Gemini lets itself be interrupted by 6 to 16 % of the backchannels', () => {
    const share = shareOf(drawn('gemini', 240), 'stops');
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.16);
  });

  test('gpt-realtime stops for all speech and nearly every backchannel, within 0.4 to 0.6 s', () => {
    const speech = drawn('gptRealtime', 1200);
    expect(shareOf(speech, 'stops')).toBe(1);
    const stoppedMs = speech.flatMap((call) => call.stoppedMs ?? []);
    expect(Math.min(...stoppedMs)).toBeGreaterThanOrEqual(400);
    expect(Math.max(...stoppedMs)).toBeLessThanOrEqual(620);
    expect(shareOf(drawn('gptRealtime', 120), 'stops')).toBeCloseTo(0.98, 1);
  });

  test('a seed gives the same again, and another seed another', () => {
    expect(drawn('gemini', 1200, 7)).toEqual(drawn('gemini', 1200, 7));
    expect(drawn('gemini', 1200, 8)).not.toEqual(drawn('gemini', 1200, 7));
  });

  test('audio of a cut turn comes as late as was measured', () => {
    const late = new LateAudio(profileOf('gemini').lateAudio, seededRandom(1));
    const planned = Array.from({ length: 4_000 }, (_, afterMs) => ({ afterMs, audioMs: 1, words: '', content: {} }));
    const lastMs = Array.from({ length: 1_000 }, () => {
      late.begin({ beganAtMs: 0, planned }, 0);
      let sent = 0;
      while (late.next(10_000) !== null) sent += 1;
      return sent - 1;
    }).toSorted((one, other) => one - other);
    expect(lastMs[500]).toBeCloseTo(18, -1);
    expect(Math.abs((lastMs[900] ?? 0) - 183)).toBeLessThan(30);
    expect(Math.abs((lastMs[950] ?? 0) - 1_960)).toBeLessThan(500);
    expect(lastMs[999]).toBe(3_999);
  });
});

test('in a call, the same seed gives the same messages, and each session of it draws for itself', () => {
  const fates = [0, 0, 1, 2, 3, 4, 5].map((seed) => {
    const { client } = spokenOver({ turnTaking: 'gemini', seed }, 1200);
    client.stream(500, 'silence');
    return JSON.stringify(client.received.map(({ atMs, message }) => [atMs, Object.keys(message)]));
  });
  expect(fates[1]).toBe(fates[0]);
  expect(new Set(fates).size).toBeGreaterThan(2);
});

test('a turn that follows a cut one is not mixed with what is left of that', () => {
  const lateAudio: TurnTaking['lateAudio'] = [];
  const client = openedWith({ turnTaking: { ...certain, lateAudio }, speed: 1, latencyMs: 0 });
  client.ask();
  client.stream(1000, 'silence');
  client.stream(1200, 'speech');
  client.stream(5000, 'silence');
  const said = client.values('serverContent', 'outputTranscription', 'text').join('');
  expect(said.slice(said.indexOf('What'))).toBe('What is it?');
  // Whatever else was left of the long turn came before.
  expect(client.timeOf('interrupted')).not.toBeNull();
});

test.each([
  [{ turnTaking: 'grok' }, /turnTaking/],
  [{ turnTaking: { ...certain, answersLate: 2 } }, /answersLate/],
  [
    {
      turnTaking: {
        ...certain,
        lateAudio: [
          [0.5, 10],
          [0.5, 20],
        ],
      },
    },
    /Shares must rise/,
  ],
  [{ sounds: { cough: 'loud' } }, /cough/],
])('a script with %j is refused with its place', (wrong, place) => {
  expect(() => parseScript({ turns: [], ...wrong }, [])).toThrow(place);
});

/** The model tells its long story, and after a second somebody speaks over it; the onset is when the first of it has been sent. */
function spokenOver(script: Partial<ScriptInput>, speechMs: number, clip: string | null = null) {
  const service = serviceOf({ turns, latencyMs: 0, ...script });
  const client = new MachineClient(service).open(listening);
  client.ask();
  client.stream(1000, 'silence');
  if (clip !== null) service.callerSays(clip, client.nowMs);
  const onsetMs = client.nowMs + 20;
  client.stream(speechMs, 'speech');
  return { client, onsetMs };
}

/** What becomes of a thousand sounds of a length, each heard in pieces of 20 ms. */
function drawn(profile: 'gemini' | 'gptRealtime', soundMs: number, seed = 1) {
  const hearing = new OverlapHearing(profileOf(profile), {}, () => null, seededRandom(seed));
  const at = (positionMs: number) => ({
    atMs: positionMs,
    positionMs,
    speechMs: Math.min(positionMs, soundMs),
    isModelHeard: true,
  });
  return Array.from({ length: 1_000 }, () => {
    hearing.began(at(0));
    const heardMs = Array.from({ length: 60 }, (_, piece) => 20 * (piece + 1));
    const stoppedMs = heardMs.find((positionMs) => hearing.advance(at(positionMs))) ?? null;
    if (stoppedMs === null) hearing.ended(at(1_200));
    return { fate: hearing.decided.at(-1)?.fate, stoppedMs };
  });
}

function profileOf(name: 'gemini' | 'gptRealtime'): TurnTaking {
  return parseScript({ turns: [], turnTaking: name }, []).turnTaking ?? certain;
}

function shareOf(calls: ReturnType<typeof drawn>, fate: string): number {
  return calls.filter((call) => call.fate === fate).length / calls.length;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function timesOf(client: MachineClient, field: string): number[] {
  return client.received.flatMap(({ atMs, message: { serverContent } }) =>
    typeof serverContent === 'object' && serverContent !== null && field in serverContent ? [atMs] : [],
  );
}

function openedWith(script: Partial<ScriptInput>): MachineClient {
  return new MachineClient(serviceOf({ turns, ...script })).open(listening);
}
