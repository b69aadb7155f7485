import type { AudioPath } from '../audio/audio-path.ts';
import { AgentSpeech } from './agent/agent-speech.ts';
import { Feeder } from './agent/feeder.ts';
import { ModelTurn } from './agent/model-turn.ts';
import type { CallSettings } from './call-settings.ts';
import { CallerSpeech } from './caller/caller-speech.ts';
import { Intake } from './caller/intake.ts';
import { Pictures } from './caller/pictures.ts';
import { OperatorWords } from './operator/operator-words.ts';
import { Operator } from './operator/operator.ts';
import { Requests } from './operator/requests.ts';
import { CallLimit } from './phone/call-limit.ts';
import { Farewell } from './phone/farewell.ts';
import { Leg } from './phone/leg.ts';
import { StreamEvents } from './phone/stream-events.ts';
import type { Reaction } from './reaction.ts';
import { ModelConnection } from './session/model-connection.ts';
import { ModelSessions } from './session/model-sessions.ts';
import { Recovery } from './session/recovery.ts';
import { Rotator } from './session/rotator.ts';
import { Conversation } from './talk/conversation.ts';
import { Memory } from './talk/memory.ts';
import { Minutes } from './talk/minutes.ts';
import { ModelEvents } from './talk/model-events.ts';
import { Prompter } from './talk/prompter.ts';
import { UnheardWords } from './talk/unheard-words.ts';
import { ToolEvents } from './tooling/tool-events.ts';
import { ToolWork } from './tooling/tool-work.ts';
import { usualBargeIn } from './turns/barge-in-rule.ts';
import { BargeIn } from './turns/barge-in.ts';
import { CallerEar } from './turns/caller-ear.ts';
import { ManualTurns } from './turns/manual-turns.ts';
import { NoisyWait } from './turns/noisy-wait.ts';
import { TurnWindow } from './turns/turn-window.ts';
import { UnansweredCaller } from './turns/unanswered-caller.ts';
import { Escalation } from './watchdog/escalation.ts';
import { IdleCaller } from './watchdog/idle-caller.ts';
import { ResponseWatchdog } from './watchdog/response-watchdog.ts';

/** The parts of one call that the call itself uses, joined with each other. All order effects through one reaction. */
export interface CallParts {
  readonly leg: Leg;
  readonly limit: CallLimit;
  readonly farewell: Farewell;
  readonly streams: StreamEvents;
  readonly conversation: Conversation;
  readonly unheard: UnheardWords;
  readonly feeder: Feeder;
  readonly prompter: Prompter;
  readonly caller: CallerSpeech;
  readonly bargeIn: BargeIn;
  readonly connection: ModelConnection;
  readonly sessions: ModelSessions;
  readonly recovery: Recovery;
  readonly rotator: Rotator;
  readonly watchdog: ResponseWatchdog;
  readonly escalation: Escalation;
  readonly idle: IdleCaller;
  readonly tools: ToolWork;
  readonly toolEvents: ToolEvents;
  readonly manualTurns: ManualTurns;
  readonly noisyWait: NoisyWait;
  readonly modelEvents: ModelEvents;
  readonly operatorWords: OperatorWords;
  readonly requests: Requests;
}

/** Makes the parts of a call. Each gets the others that it works with by name, and the order shows who knows whom. */
export function callParts(settings: CallSettings, audioPath: AudioPath, reaction: Reaction): CallParts {
  const { patience } = settings;
  const memory = new Memory();
  const unheard = new UnheardWords(reaction);
  const turn = new ModelTurn(reaction);
  const leg = new Leg(settings, reaction);
  const connection = new ModelConnection(settings, reaction);
  const feeder = new Feeder(audioPath.codec, turn, reaction);
  const tools = new ToolWork(settings.tools, feeder, reaction, memory, unheard);
  const ear = new CallerEar(audioPath.voiceDetector(), () => feeder.heardNow);
  const window = new TurnWindow(reaction);
  const intake = new Intake(audioPath, ear, window, reaction);
  const minutes = new Minutes(memory, unheard, reaction);
  const conversation = new Conversation(audioPath, minutes, turn, intake, feeder, reaction);
  const prompter = new Prompter(settings.greeting, connection, window, turn, unheard, reaction);
  const farewell = new Farewell(settings.destinations, leg, conversation, turn, reaction);
  const limit = new CallLimit(connection, conversation, farewell, prompter, reaction);
  const watchdog = new ResponseWatchdog(patience, leg, conversation, window, turn, tools, reaction);
  const sessions = new ModelSessions(connection, conversation, memory, tools, watchdog, prompter, unheard, reaction);
  const recovery = new Recovery(patience.outageMs, sessions, connection, leg, farewell, reaction);
  const streams = new StreamEvents(leg, conversation, farewell, recovery, watchdog, prompter, reaction);
  const rotator = new Rotator(leg, conversation, connection, watchdog, recovery, reaction);
  const escalation = new Escalation(patience.stepMs, watchdog, recovery, connection, tools, reaction);
  const idle = new IdleCaller(patience.idleMs, leg, conversation, watchdog, prompter, reaction);
  const unanswered = new UnansweredCaller(
    (settings.bargeIn ?? usualBargeIn).wordMs,
    ear,
    intake,
    turn,
    watchdog,
    prompter,
    reaction,
  );
  const bargeIn = new BargeIn(
    settings.bargeIn,
    unanswered,
    ear,
    intake,
    feeder,
    conversation,
    turn,
    watchdog,
    prompter,
    reaction,
  );
  const manualTurns = new ManualTurns(ear, intake, conversation, turn, bargeIn, watchdog, prompter, reaction);
  const noisyWait = new NoisyWait(intake, feeder, turn, watchdog, prompter, unanswered, escalation, reaction);
  const agent = new AgentSpeech(
    conversation,
    turn,
    connection,
    watchdog,
    escalation,
    farewell,
    bargeIn,
    noisyWait,
    window,
    reaction,
  );
  const caller = new CallerSpeech(
    ear,
    intake,
    conversation,
    turn,
    watchdog,
    tools,
    bargeIn,
    noisyWait,
    window,
    reaction,
  );
  const toolEvents = new ToolEvents(tools, watchdog, prompter, farewell, unanswered, reaction);
  const modelEvents = new ModelEvents(agent, caller, toolEvents, sessions, recovery, rotator, reaction);
  const operatorWords = new OperatorWords(leg, conversation, window, memory, turn, tools, watchdog, prompter, reaction);
  const operator = new Operator(leg, farewell, conversation, operatorWords, prompter, reaction);
  const pictures = new Pictures(leg, connection, reaction);
  const requests = new Requests(operator, pictures, reaction);
  return {
    leg,
    limit,
    farewell,
    streams,
    conversation,
    unheard,
    feeder,
    prompter,
    caller,
    bargeIn,
    connection,
    sessions,
    recovery,
    rotator,
    watchdog,
    escalation,
    idle,
    tools,
    toolEvents,
    manualTurns,
    noisyWait,
    modelEvents,
    operatorWords,
    requests,
  };
}
