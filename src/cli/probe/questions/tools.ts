import { isJsonObject, type JsonObject } from '../../../encoding/json.ts';
import { answerTo, type Bench, heard, turnMsMax, withMember, without } from '../bench.ts';
import { wireOrder } from '../frames.ts';
import type { Question } from '../question.ts';
import { endText } from '../session.ts';
import {
  blockingLookUp,
  freeLookUp,
  lookUpRequest,
  lookUpResult,
  passwordQuestion,
  toldByTool,
} from './tools-asked-for.ts';

/** How extended thinking wants the parameters of a tool. */
export const schemaFields: Question = {
  id: 'schema-fields',
  asks: 'Does extended thinking call a tool that is declared with `parametersJsonSchema`, with `parameters`, with both?',
  rules: ['GM-TOOL-5'],
  relies: 'declares tools with `parameters` there, and with `parametersJsonSchema` to `gemini-3.8-live`',
  model: 'thinking',
  needs: { secondsMax: 150, sessions: 4, turns: 6, heardSeconds: 0, spokenSeconds: 20 },
  async ask(bench) {
    const parametersJsonSchema = freeLookUp.parameters;
    const ours = 'as Parley declares it';
    const variants: Readonly<Record<string, (declaration: JsonObject) => JsonObject>> = {
      [ours]: (declaration) => declaration,
      parametersJsonSchema: (declaration) => ({ ...without(declaration, 'parameters'), parametersJsonSchema }),
      both: (declaration) => ({ ...declaration, parametersJsonSchema }),
      'parameters with additionalProperties': (declaration) =>
        withMember(declaration, 'parameters.additionalProperties', false),
    };
    for (const [name, declare] of Object.entries(variants)) {
      const seen = await calledWith(bench, declare);
      bench.found(name, seen.words, name === ours ? seen.isCalled : null);
    }
  },
};

/** Whether a tool that is declared in this way is called. */
async function calledWith(
  bench: Bench,
  declare: (declaration: JsonObject) => JsonObject,
): Promise<{ readonly isCalled: boolean; readonly words: string }> {
  const session = await bench.attempt(bench.plan([freeLookUp], (setup) => redeclared(setup, declare)));
  if (session.end !== null) return { isCalled: false, words: `refused: ${endText(session.end)}` };
  // It may greet unasked first.
  await bench.listen(session, 6_000);
  session.say(lookUpRequest);
  let said = '';
  const call = await session
    .next('A tool call', turnMsMax, ({ facts }) => {
      for (const fact of facts) {
        if (fact.type === 'model.agentTranscript' || fact.type === 'model.text') said += fact.text;
        if (fact.type === 'model.toolCalled') return fact.calls[0] ?? null;
        if (fact.type === 'model.interaction' && fact.status === 'idle') return 'none';
      }
      return null;
    })
    .catch((): 'none' => 'none');
  const end = session.end;
  if (call !== 'none') session.answer(answerTo(call, lookUpResult));
  await session.close();
  if (call !== 'none') return { isCalled: true, words: `called ${call.name} ${JSON.stringify(call.args)}` };
  return { isCalled: false, words: end === null ? `not called; said "${said}"` : `closed: ${endText(end)}` };
}

function redeclared(setup: JsonObject, declare: (declaration: JsonObject) => JsonObject): JsonObject {
  const tools = Array.isArray(setup.tools) ? setup.tools.filter(isJsonObject) : [];
  return {
    ...setup,
    tools: tools.map(({ functionDeclarations, ...rest }) => ({
      ...rest,
      ...(Array.isArray(functionDeclarations)
        ? { functionDeclarations: functionDeclarations.filter(isJsonObject).map(declare) }
        : {}),
    })),
  };
}

/** Whether an answer that is to be kept to oneself is. */
export const silentAnswer: Question = {
  id: 'silent-answer',
  asks: 'Is a SILENT tool answer silent, and is it remembered? Is another one spoken by itself?',
  rules: ['GM-TOOL-4'],
  relies: 'answers the tools that end a call with SILENT, and expects no speech',
  model: 'configured',
  needs: { secondsMax: 150, sessions: 2, turns: 6, heardSeconds: 0, spokenSeconds: 20 },
  async ask(bench) {
    for (const silent of [true, false]) {
      const name = silent ? 'SILENT' : 'without scheduling';
      const session = await bench.open(bench.plan([freeLookUp]));
      session.say(lookUpRequest);
      const call = await bench.toolCall(session);
      await bench.listen(session, 6_000);
      session.answer(answerTo(call, lookUpResult, silent));
      const after = heard(await bench.listen(session, 8_000));
      const seen = after.spokenMs === 0 ? 'nothing' : `spoke ${after.spokenMs} ms: "${after.words}"`;
      bench.found(`${name}, in 8 s`, seen, silent === (after.spokenMs === 0));
      bench.found(`${name}, messages`, wireOrder(after.frames));
      const { words } = await bench.exchange(session, passwordQuestion);
      bench.found(`${name}, remembered`, `"${words}"`, words.toLowerCase().includes(toldByTool));
      await session.close();
    }
  },
};

/** What the caller's voice does to a call that is not answered yet. */
export const pendingCall: Question = {
  id: 'pending-call',
  asks: 'What happens while a tool call waits for its answer and the caller speaks on?',
  rules: ['GM-TOOL-1', 'GM-TOOL-2', 'GM-TOOL-3'],
  relies: 'answers every call, cancelled or not, and expects the answer to be spoken',
  model: 'configured',
  needs: { secondsMax: 150, sessions: 2, turns: 6, heardSeconds: 40, spokenSeconds: 20 },
  async ask(bench) {
    for (const tool of [blockingLookUp, freeLookUp]) {
      const session = await bench.open(bench.plan([tool]));
      const microphone = bench.microphone(session);
      session.say(lookUpRequest);
      const call = await bench.toolCall(session);
      const { behavior } = tool;
      const quiet = heard(await bench.listen(session, 4_000));
      bench.found(`${behavior}, speech while it waits`, quiet.spokenMs === 0 ? 'none' : `"${quiet.words}"`);
      await microphone.speak(bench.clip('order-number'));
      const spoken = await bench.listen(session, 6_000);
      bench.found(`${behavior}, after the caller spoke`, wireOrder(spoken));
      const isCancelled = [...quiet.frames, ...spoken].some(({ facts }) =>
        facts.some(({ type }) => type === 'model.toolCancelled'),
      );
      bench.found(`${behavior}, cancelled`, isCancelled ? 'yes' : 'no');
      session.answer(answerTo(call, lookUpResult));
      const after = heard(await bench.listen(session, 8_000));
      const said = after.spokenMs === 0 ? 'nothing' : `"${after.words}"`;
      // A call that was taken back needs no answer.
      bench.found(`${behavior}, after the answer`, said, isCancelled ? null : after.spokenMs > 0);
      microphone.stop();
      await session.close();
    }
  },
};

/** What a tool is that does not say whether it blocks. */
export const behaviorDefault: Question = {
  id: 'behavior-default',
  asks: 'Does a tool block the model when its declaration does not say?',
  rules: ['GM-TOOL-1'],
  relies: 'always says so, and relies on nothing here',
  model: 'configured',
  needs: { secondsMax: 60, sessions: 1, turns: 2, heardSeconds: 0, spokenSeconds: 6 },
  async ask(bench) {
    const plan = bench.plan([freeLookUp], (setup) => redeclared(setup, (tool) => without(tool, 'behavior')));
    const session = await bench.open(plan);
    session.say(lookUpRequest);
    const call = await bench.toolCall(session);
    const waiting = heard(await bench.listen(session, 5_000));
    bench.found('in 5 s without an answer', wireOrder(waiting.frames));
    session.say('Say the number seven.');
    const more = heard(await bench.listen(session, 5_000));
    bench.found('asked for something else meanwhile', more.spokenMs === 0 ? 'silent' : `"${more.words}"`);
    session.answer(answerTo(call, lookUpResult));
    bench.found('after the answer', wireOrder(await bench.listen(session, 5_000)));
  },
};

/** An answer that comes when the session that asked for it is gone. */
export const answerOfEarlierCall: Question = {
  id: 'answer-of-earlier-call',
  asks: 'What does a resumed session do with the answer to a call that the session before has made?',
  rules: ['GM-TOOL-8', 'GM-RESUME-2'],
  relies: 'tells the result as a text, since an answer would find nobody',
  model: 'configured',
  needs: { secondsMax: 75, sessions: 2, turns: 3, heardSeconds: 0, spokenSeconds: 6 },
  async ask(bench) {
    const plan = bench.plan([blockingLookUp]);
    const first = await bench.open(plan);
    await bench.exchange(first, 'Say the number one.');
    first.say(lookUpRequest);
    const call = await bench.toolCall(first);
    const { handle } = first;
    await first.close();
    if (handle === null) return bench.found('handle', 'none came', false);
    const second = await bench.open({ ...plan, start: { handle, recap: null } });
    bench.found('after the resumption, unasked', wireOrder(await bench.listen(second, 3_000)));
    second.answer(answerTo(call, lookUpResult));
    const after = heard(await bench.listen(second, 6_000));
    bench.found('after the answer', wireOrder(after.frames), after.spokenMs === 0);
    bench.found('session', second.end === null ? 'still open' : endText(second.end), second.end === null);
    if (second.end !== null) return;
    const { words, calls } = await bench.exchange(second, passwordQuestion);
    bench.found('knows of it', calls.length > 0 ? 'calls the tool again' : `"${words}"`);
  },
};
