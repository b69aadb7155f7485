import { greetingRequest } from '../../../call/talk/prompts.ts';
import { answerTo, type Bench, heard, turnMsMax } from '../bench.ts';
import { type Frame, wireOrder } from '../frames.ts';
import type { Question } from '../question.ts';
import { pongMsMax, type ProbeSession } from '../session.ts';
import { freeLookUp, lookUpRequest, lookUpResult } from './tools-asked-for.ts';

/** The setup of a real call, and the turn that follows it. */
export const firstTurn: Question = {
  id: 'first-turn',
  asks: 'Is the production setup taken, and what is a turn made of?',
  rules: ['GM-SETUP-1', 'GM-FRAME-1', 'GM-FRAME-2', 'GM-AUDIO-2', 'GM-TURN-1', 'GM-GREET-1', 'GM-PING-1'],
  relies:
    'needs the setup answered within 5 s, a greeting on request, whole samples, and the end of a turn behind all its audio',
  model: 'configured',
  needs: { secondsMax: 60, sessions: 1, turns: 1, heardSeconds: 0, spokenSeconds: 5 },
  async ask(bench) {
    const { access, agent, greeting } = bench.parts;
    const session = await bench.open({ access, agent });
    bench.found('setup', `answered after ${session.setupMs} ms`, (session.setupMs ?? Infinity) <= 5_000);
    const pong = session.ping();
    bench.found('after the setup', wireOrder(await bench.listen(session, 1_500)));
    session.say(greetingRequest(greeting).text);
    const turn = await bench.turn(session);
    bench.found(
      'first sound',
      `${turn.firstSoundMs} ms after the request; "${turn.words}"`,
      turn.firstSoundMs !== null,
    );
    bench.found('order', wireOrder(turn.frames), comesInOrder(turn.frames));
    tellAudio(bench, turn.frames);
    const handles = turn.frames.filter(({ facts }) => facts.some(({ type }) => type === 'model.resumptionUpdated'));
    bench.found(
      'updates of the handle',
      `${handles.length}: ${handles.map(resumable).join(', ')}`,
      session.handle !== null,
    );
    const pongMs = await pong;
    bench.found('pong', pongMs === null ? `none within ${pongMsMax / 1000} s` : `after ${pongMs} ms`);
  },
};

function resumable({ facts }: Frame): string {
  const update = facts.find((fact) => fact.type === 'model.resumptionUpdated');
  return update?.resumable === true ? 'with a handle' : 'not resumable';
}

/** All audio comes before generationComplete, and that before turnComplete. */
function comesInOrder(frames: readonly Frame[]): boolean {
  const types = frames.flatMap(({ facts }) => facts.map(({ type }) => type));
  const generatedAt = types.indexOf('model.generationCompleted');
  const completedAt = types.indexOf('model.turnCompleted');
  return types.lastIndexOf('model.audio') < completedAt && (generatedAt === -1 || generatedAt < completedAt);
}

function tellAudio(bench: Bench, frames: readonly Frame[]): void {
  const pieces = frames.flatMap(({ atMs, facts }) =>
    facts.flatMap((fact) => (fact.type === 'model.audio' ? [{ atMs, bytes: fact.pcm.length }] : [])),
  );
  const sizes = [...new Set(pieces.map(({ bytes }) => bytes / 48))].toSorted((a, b) => a - b);
  const isWhole = pieces.every(({ bytes }) => bytes % 2 === 0);
  bench.found('audio in a message', `${sizes.map(Math.round).join(', ')} ms; ${isWhole ? 'whole' : 'cut'} samples`);
  const [first, last] = [pieces[0]?.atMs ?? 0, pieces.at(-1)?.atMs ?? 0];
  const audioMs = pieces.reduce((sum, { bytes }) => sum + bytes / 48, 0);
  bench.found('speed', `${Math.round(audioMs)} ms of speech came in ${last - first} ms`);
  const empty = frames.filter(({ message }) => Object.keys(message).length === 0).length;
  bench.found('messages without a key', String(empty));
}

/** Bills: how many, and for what. */
export const usageOfTurns: Question = {
  id: 'usage-of-turns',
  asks: 'Which bills come for each turn, and does each count the whole session again?',
  rules: ['GM-USAGE-1'],
  relies: 'adds up every bill, each for the whole context',
  model: 'configured',
  needs: { secondsMax: 75, sessions: 1, turns: 3, heardSeconds: 0, spokenSeconds: 6 },
  async ask(bench) {
    const session = await bench.open(bench.plan([]));
    const prompts: number[] = [];
    for (const number of ['one', 'two', 'three']) {
      const { frames } = await bench.exchange(session, `Say the number ${number}.`);
      const bills = frames.flatMap(({ facts }) =>
        facts.flatMap((fact) => (fact.type === 'model.usage' ? [fact.usage] : [])),
      );
      for (const bill of bills) {
        const { promptTokens, responseTokens, thoughtsTokens, totalTokens, promptByModality, responseByModality } =
          bill;
        bench.found(
          `turn ${number}`,
          `prompt ${promptTokens} ${JSON.stringify(promptByModality)}, response ${responseTokens} ${JSON.stringify(responseByModality)}, thoughts ${thoughtsTokens}, total ${totalTokens}`,
        );
      }
      bench.found(`bills for turn ${number}`, String(bills.length), bills.length > 0);
      prompts.push(bills.at(-1)?.promptTokens ?? 0);
    }
    const grows = prompts.every((tokens, index) => tokens > (prompts[index - 1] ?? 0));
    bench.found('prompt tokens turn by turn', prompts.join(', '), grows);
  },
};

/** Where the status of the interaction stands, and when it says idle. */
export const interactionStatus: Question = {
  id: 'interaction-status',
  asks: 'When does extended thinking send `interactionStatus`, and where in the message?',
  rules: ['GM-TURN-1', 'GM-GREET-1'],
  relies: 'waits for IDLE at either level, with `turnComplete` or behind it',
  model: 'thinking',
  needs: { secondsMax: 100, sessions: 1, turns: 5, heardSeconds: 0, spokenSeconds: 15 },
  async ask(bench) {
    const session = await bench.open(bench.plan([freeLookUp]));
    const unasked = heard(await bench.listen(session, 4_000));
    bench.found(
      'unasked, in 4 s',
      unasked.spokenMs === 0 ? 'nothing' : `spoke: "${unasked.words}"`,
      unasked.spokenMs > 0,
    );
    session.say('How many days lie between the first of March and the ninth of May? Think first, then say the number.');
    const thought = await untilIdle(bench, session);
    bench.found('order', wireOrder(thought));
    const askedAtMs = bench.frames.nowMs;
    session.say(lookUpRequest);
    const call = await bench.toolCall(session);
    session.answer(answerTo(call, lookUpResult));
    await untilIdle(bench, session);
    const all = bench.frames.all().filter(({ from }) => from === 'service');
    bench.found('order with a tool call', wireOrder(all.filter(({ atMs }) => atMs >= askedAtMs)));
    const withStatus = all.filter(({ facts }) => facts.some(({ type }) => type === 'model.interaction'));
    const beside = withStatus.filter(({ message }) => message.interactionStatus !== undefined).length;
    bench.found('place', `${withStatus.length - beside} inside serverContent, ${beside} beside it`);
    const together = withStatus.filter(({ facts }) => facts.some(({ type }) => type === 'model.turnCompleted')).length;
    bench.found(
      'in the message of a turnComplete',
      `${together} of ${withStatus.length}`,
      together === withStatus.length,
    );
  },
};

/** Everything up to the status that says idle, and what comes right behind it. */
async function untilIdle(bench: Bench, session: ProbeSession): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  await session.next('IDLE', turnMsMax, (frame) => {
    frames.push(frame);
    return frame.facts.some((fact) => fact.type === 'model.interaction' && fact.status === 'idle') ? true : null;
  });
  return [...frames, ...(await bench.listen(session, 1_500))];
}
