import { expect, test } from 'vitest';
import type { CallReport } from '../../../src/sim/carrier/call-report.ts';
import type { PlaceCallOptions } from '../../../src/sim/carrier/hosts/phone.ts';
import { until } from '../../until.ts';
import { fallback, ServiceScene } from '../service-scene.ts';

type Steps = PlaceCallOptions['script']['steps'];

const takesMessages = { FALLBACK_VOICEMAIL: 'true', VOICEMAIL_PROMPT: 'Speak.', VOICEMAIL_THANKS: 'Thanks.' };

/** The greeting, then the apology, the prompt and the beep, which take some 1.5 s. */
const untilTheTone = [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 100 }, { pauseMs: 2500 }] as const;
const message = { tone: { hz: 440, ms: 800 } } as const;

test.concurrent('a caller for whom nobody is there leaves a message, which Twilio stores', async (context) => {
  const scene = await open(context, '');
  const report = await leavesMessage(scene, [...untilTheTone, message, { dtmf: '#' }, { pauseMs: 3000 }]);
  expect(told(report)).toEqual(['Sorry. Speak.', 'Thanks.']);
  expect(report.recordings).toHaveLength(1);
  expect(report.endReason).toBe('hangupVerb');
  expect(report.timeline.filter(({ kind }) => kind === 'problem')).toEqual([]);
  expect(scene.log.named('callEnded')).toMatchObject([{ reason: 'leftVoicemail' }]);
  await until('the recording is stored', () => scene.log.named('voicemailStored').length === 1);
  expect(scene.log.text).not.toContain(report.recordings[0]?.recordingSid);
});

test.concurrent('a caller whom the human does not answer is asked for a message, and just hangs up after it', async (context) => {
  const scene = await open(context, fallback);
  const report = await leavesMessage(scene, [...untilTheTone, message, { hangUp: true }]);
  expect(told(report)).toEqual(['Sorry.', `dial ${fallback}`, 'Sorry. Speak.']);
  expect(report.recordings).toHaveLength(1);
  expect(report.endReason).toBe('callerHungUp');
  await until('the call has ended', () => scene.log.named('callEnded').length === 1);
  expect(scene.log.named('callEnded')).toMatchObject([{ reason: 'leftVoicemail' }]);
});

function open(context: Parameters<typeof ServiceScene.open>[0], number: string): Promise<ServiceScene> {
  return ServiceScene.open(context, { env: { ...takesMessages, FALLBACK_DESTINATION: number } });
}

/** A call that has to leave once its greeting was heard. */
async function leavesMessage(scene: ServiceScene, steps: Steps): Promise<CallReport> {
  const phone = scene.call({ script: { steps }, dialOutcomes: { [fallback]: { type: 'busy', afterMs: 50 } } });
  await until('the greeting was heard', () => scene.log.named('transcript').length === 1);
  const [received] = scene.log.named('callReceived');
  scene.service.registry.find(String(received?.callSid))?.tell({ type: 'service.drained' });
  return phone.ended;
}

/** What the caller heard of Twilio's voice, and whom Twilio dialled. */
function told({ timeline }: CallReport): string[] {
  return timeline.flatMap((note) => {
    if (note.kind === 'verb.say') return [note.text];
    return note.kind === 'dial.started' ? [`dial ${note.to}`] : [];
  });
}
