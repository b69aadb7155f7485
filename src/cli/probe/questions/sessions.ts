import type { JsonObject } from '../../../encoding/json.ts';
import { greetingRequest } from '../../../call/talk/prompts.ts';
import { withMember } from '../bench.ts';
import type { Question } from '../question.ts';
import { endText, type ProbeSession } from '../session.ts';

/** The numbers of compression: what is taken, and whether it acts. */
export const compressionTrigger: Question = {
  id: 'compression-trigger',
  asks: 'What is the smallest trigger of compression that is taken, and does compression act there?',
  rules: ['GM-COMPRESS-1'],
  relies: 'sets a trigger of 8000 tokens above the instruction, and counts on cheaper turns behind it',
  model: 'configured',
  needs: { secondsMax: 120, sessions: 6, turns: 4, heardSeconds: 0, spokenSeconds: 8, textTokens: 9_000 },
  async ask(bench) {
    for (const trigger of [1, 1_000, 4_999, 5_000, 8_000]) {
      const { end, close } = await attempt(trigger);
      bench.found(`trigger ${trigger}`, end ?? 'taken', trigger < 5_000 ? null : end === null);
      await close();
      if (end === null) break;
    }
    const session = await bench.open(bench.plan([], (setup) => compressed(setup, 8_000)));
    const prompts: number[] = [];
    for (let turns = 0; turns < 4; turns += 1) {
      const { frames } = await bench.exchange(session, `Ignore these words and say yes. ${filler}`);
      const bills = frames.flatMap(({ facts }) =>
        facts.flatMap((fact) => (fact.type === 'model.usage' ? [fact.usage] : [])),
      );
      prompts.push(bills.at(-1)?.promptTokens ?? 0);
    }
    const falls = prompts.some((tokens, index) => tokens < (prompts[index - 1] ?? 0));
    bench.found('prompt tokens turn by turn, with a trigger of 8000', prompts.join(', '), falls);

    async function attempt(trigger: number): Promise<{ end: string | null; close: () => Promise<void> }> {
      const tried = await bench.attempt(bench.plan([], (setup) => compressed(setup, trigger)));
      return { end: tried.end === null ? null : `refused: ${endText(tried.end)}`, close: () => tried.close() };
    }
  },
};

/** About 3500 tokens, so that three turns are beyond the trigger. */
const filler = 'The quick brown fox jumps over the lazy dog. '.repeat(350);

function compressed(setup: JsonObject, triggerTokens: number): JsonObject {
  const slidingWindow = { targetTokens: String(Math.ceil(triggerTokens / 2)) };
  return withMember(setup, 'contextWindowCompression', { triggerTokens: String(triggerTokens), slidingWindow });
}

/** What handles do, good and bad. */
export const handles: Question = {
  id: 'handles',
  asks: 'What does a handle do while its socket is open, after the close, a second time, after a setup that failed, and when it is invented?',
  rules: ['GM-RESUME-1', 'GM-RESUME-2', 'GM-CLOSE-1'],
  relies: 'resumes with the last handle after the close, and begins afresh when a handle is refused',
  model: 'configured',
  needs: { secondsMax: 90, sessions: 7, turns: 3, heardSeconds: 0, spokenSeconds: 5 },
  async ask(bench) {
    const plan = bench.plan([]);
    const resuming = (handle: string) => ({ ...plan, start: { handle, recap: null } });
    const first = await bench.open(plan);
    await bench.exchange(first, 'The code word is marmalade. Say yes.');
    const { handle } = first;
    if (handle === null) return bench.found('handle', 'none came', false);
    bench.found('while its socket is open', await outcome(await bench.attempt(resuming(handle))));
    const latest = first.end === null ? (first.handle ?? handle) : handle;
    await first.close();
    const resumed = await bench.attempt(resuming(latest));
    bench.found('after the close', resumed.end === null ? 'taken' : endText(resumed.end), resumed.end === null);
    if (resumed.end === null) {
      const { words } = await bench.exchange(resumed, 'What is the code word? Say only the word.');
      bench.found('remembers', `"${words}"`, words.toLowerCase().includes('marmalade'));
      await resumed.close();
      await afterFailure(resumed.handle ?? latest);
    }
    bench.found('a second time', await outcome(await bench.attempt(resuming(latest))));
    bench.found('invented', await outcome(await bench.attempt(resuming('invented-by-the-probe'))));

    async function afterFailure(fresh: string): Promise<void> {
      const failed = await bench.attempt({ ...resuming(fresh), amend: (setup) => ({ ...setup, parleyProbe: true }) });
      await failed.close();
      bench.found('after a setup with it was refused', await outcome(await bench.attempt(resuming(fresh))));
    }
  },
};

async function outcome(session: ProbeSession): Promise<string> {
  if (session.end !== null) return `refused: ${endText(session.end)}`;
  // A refusal may come behind the answer to the setup.
  const end = await session.ends(1_000);
  if (end !== null) return `taken, then closed: ${endText(end)}`;
  await session.close();
  return 'taken';
}

/** How many sessions at the same time are tried. */
const sessionsAtOnce = 12;

/** The bound of sessions at the same time. */
export const tooManySessions: Question = {
  id: 'too-many-sessions',
  asks: 'How is a session refused that is one too many?',
  rules: ['GM-CLOSE-1'],
  relies: 'tries again later, or says that the account has no more to give',
  model: 'configured',
  needs: { secondsMax: 60, sessions: sessionsAtOnce, turns: 0, heardSeconds: 0, spokenSeconds: 0 },
  async ask(bench) {
    const open: ProbeSession[] = [];
    while (open.length < sessionsAtOnce) {
      const session = await bench.attempt(bench.plan([]));
      const end = session.end ?? (await session.ends(300));
      if (end !== null) return bench.found(`session ${open.length + 1} at the same time`, endText(end));
      open.push(session);
    }
    bench.found('sessions at the same time', `${sessionsAtOnce} were taken; no bound was met`);
  },
};

/** The end of a connection's life. */
export const goingAway: Question = {
  id: 'going-away',
  asks: 'When and how is the end of a connection announced, how does it end, and is the handle good behind it?',
  rules: ['GM-GOAWAY-1', 'GM-CLOSE-1', 'GM-RESUME-2'],
  relies: 'changes sessions after nine minutes or on `goAway`, and resumes with the last handle',
  model: 'configured',
  needs: { secondsMax: 720, sessions: 2, turns: 2, heardSeconds: 660, spokenSeconds: 5 },
  isCompanion: true,
  async ask(bench) {
    const { access, agent, greeting, budget } = bench.parts;
    const session = await bench.open({ access, agent });
    const openedAtMs = performance.now();
    const seconds = (): string => `${((performance.now() - openedAtMs) / 1000).toFixed(1)} s`;
    bench.microphone(session);
    session.say(greetingRequest(greeting).text);
    await bench.turn(session);
    const timeLeft = await session.next('goAway', budget.leftMs, ({ message: { goAway } }) => goAway ?? null);
    bench.found('goAway', `after ${seconds()}: ${JSON.stringify(timeLeft)}`, true);
    const end = await session.ends(budget.leftMs);
    if (end === null) return bench.found('end', `none after ${seconds()}`);
    bench.found('end', `after ${seconds()}: ${endText(end)}`);
    const { handle } = session;
    if (handle === null) return bench.found('handle', 'none came', false);
    const resumed = await bench.attempt({ access, agent, start: { handle, recap: null } });
    const seen = resumed.end === null ? 'taken' : `refused: ${endText(resumed.end)}`;
    bench.found('the last handle behind the end', seen, resumed.end === null);
  },
};
