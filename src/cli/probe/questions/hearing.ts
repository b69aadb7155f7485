import { heard, turnMsMax, withMember } from '../bench.ts';
import { type Frame, wireOrder } from '../frames.ts';
import type { Question } from '../question.ts';
import type { ProbeSession } from '../session.ts';

/** What the model is asked for so that it speaks for long. */
export const longStory = 'Count slowly from one to forty, and say nothing else.';

/** The caller talks over the model. */
export const bargeIn: Question = {
  id: 'barge-in',
  asks: 'What comes, and when, if the caller talks over the model?',
  rules: ['GM-TURN-2', 'GM-VAD-1', 'GM-VAD-4', 'GM-TURN-3'],
  relies:
    'drops the audio of the turn on `interrupted`, and takes the turn for over whether `turnComplete` comes or not',
  model: 'configured',
  needs: { secondsMax: 75, sessions: 1, turns: 3, heardSeconds: 25, spokenSeconds: 15 },
  async ask(bench) {
    const session = await bench.open(bench.plan([]));
    const microphone = bench.microphone(session);
    session.say(longStory);
    await firstSound(session);
    const spokenAtMs = bench.frames.nowMs;
    await microphone.speak(bench.clip('interrupting'));
    const interruptedAtMs = await session.next('interrupted', 10_000, ({ atMs, facts }) =>
      facts.some(({ type }) => type === 'model.interrupted') ? atMs : null,
    );
    bench.found('from the first sound of the caller to interrupted', `${interruptedAtMs - spokenAtMs} ms`, true);
    const after = await bench.listen(session, 6_000);
    bench.found('after it', wireOrder(after));
    bench.found('what the caller said', `"${callerWords(after)}"`);
    const all = bench.frames.all().flatMap(({ facts }) => facts);
    bench.found('voiceActivity', `${all.filter(({ type }) => type === 'model.voiceActivity').length} messages`);
  },
};

/** Whether the promised end of the caller's audio ends a turn. */
export const audioStreamEnd: Question = {
  id: 'audio-stream-end',
  asks: 'Does the caller’s turn end when audio stops, with `audioStreamEnd` or without, or only while audio flows?',
  rules: ['GM-VAD-2'],
  relies: 'sends silence without a gap, and never `audioStreamEnd`',
  model: 'configured',
  needs: { secondsMax: 75, sessions: 2, turns: 2, heardSeconds: 20, spokenSeconds: 10 },
  async ask(bench) {
    for (const end of [null, { realtimeInput: { audioStreamEnd: true } }]) {
      const name = end === null ? 'audio stops' : 'audioStreamEnd';
      const session = await bench.open(bench.plan([]));
      const first = bench.microphone(session);
      await first.speak(bench.clip('order-number'));
      first.stop();
      if (end !== null) session.sendRaw(end);
      const stopped = heard(await bench.listen(session, 6_000));
      bench.found(`${name}: answer within 6 s`, stopped.spokenMs > 0 ? `"${stopped.words}"` : 'none');
      if (stopped.spokenMs === 0) {
        bench.microphone(session);
        const flowing = heard(await bench.listen(session, 6_000));
        bench.found(
          `${name}, then silence flows`,
          flowing.spokenMs > 0 ? `"${flowing.words}"` : 'no answer',
          flowing.spokenMs > 0,
        );
      }
      await session.close();
    }
  },
};

/** Whether a word of half a second is heard. */
export const shortAnswers: Question = {
  id: 'short-answers',
  asks: 'Is a short answer right behind the model’s turn heard and answered, with which `prefixPaddingMs`?',
  rules: ['GM-VAD-1', 'GM-TURN-3'],
  relies: 'sets 40 ms and a high sensitivity, so that a short word counts',
  model: 'configured',
  needs: { secondsMax: 120, sessions: 3, turns: 6, heardSeconds: 40, spokenSeconds: 20 },
  async ask(bench) {
    for (const prefixPaddingMs of [20, 40, 300]) {
      const path = 'realtimeInputConfig.automaticActivityDetection.prefixPaddingMs';
      const session = await bench.open(bench.plan([], (setup) => withMember(setup, path, prefixPaddingMs)));
      const microphone = bench.microphone(session);
      session.say('Ask me whether I am coming. I will say yes or no.');
      await bench.turn(session);
      await microphone.speak(bench.clip('no'));
      const answer = heard(await bench.listen(session, 6_000));
      const words = `heard "${callerWords(answer.frames)}", said "${answer.words}"`;
      const isAnswered = answer.spokenMs > 0;
      bench.found(
        `${prefixPaddingMs} ms`,
        isAnswered ? words : `no answer; ${words}`,
        prefixPaddingMs === 40 ? isAnswered : null,
      );
      microphone.stop();
      await session.close();
    }
  },
};

/** How long the model waits before it answers. */
export const endOfSpeech: Question = {
  id: 'end-of-speech',
  asks: 'How long after the caller’s last word does the answer come, with which `silenceDurationMs`?',
  rules: ['GM-VAD-1', 'GM-VAD-3', 'GM-TURN-3'],
  relies: 'sets 600 ms and expects an answer within three seconds',
  model: 'configured',
  needs: { secondsMax: 90, sessions: 3, turns: 3, heardSeconds: 30, spokenSeconds: 15 },
  async ask(bench) {
    for (const silenceDurationMs of [200, 600, 1_500]) {
      const path = 'realtimeInputConfig.automaticActivityDetection.silenceDurationMs';
      const session = await bench.open(bench.plan([], (setup) => withMember(setup, path, silenceDurationMs)));
      const microphone = bench.microphone(session);
      await microphone.speak(bench.clip('order-number'));
      const spokenAtMs = bench.frames.nowMs;
      const before = await firstSound(session);
      const waitedMs = (before.at(-1)?.atMs ?? 0) - spokenAtMs;
      bench.found(
        `${silenceDurationMs} ms`,
        `first sound after ${waitedMs} ms`,
        silenceDurationMs === 600 ? waitedMs <= 3_000 : null,
      );
      bench.found(`${silenceDurationMs} ms, heard by then`, `"${callerWords(before)}"`);
      microphone.stop();
      await session.close();
    }
  },
};

/** Waits for the first sound of the model, and returns what came up to it, in which it is the last. */
export async function firstSound(session: ProbeSession): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  return session.next('Speech of the model', turnMsMax, (frame) => {
    frames.push(frame);
    return frame.facts.some(({ type }) => type === 'model.audio') ? frames : null;
  });
}

/** What the service has written down of the caller. */
export function callerWords(frames: readonly Frame[]): string {
  return frames
    .flatMap(({ facts }) => facts.map((fact) => (fact.type === 'model.callerTranscript' ? fact.text : '')))
    .join('');
}
