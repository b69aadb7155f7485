import type { MulawCodec } from '../audio/mulaw.ts';
import { AgentVoice } from './agent-voice.ts';
import type { ToolCall, ToolResponse } from './events.ts';
import { Intake, type IntakeAccount } from './intake.ts';
import type { ReplyPosition } from './playout.ts';
import type { Reaction } from './reaction.ts';
import { ToolCalls } from './tool-calls.ts';
import { Transcript, type TranscriptLine } from './transcript.ts';

/** The shell gives up on a setup after five seconds and says so; this is for a shell that says nothing. */
const modelOpenMsMax = 6_000;

/** A greeting that has not begun by then is not coming, and the caller's words must not wait for it. */
const greetingStartMsMax = 4_000;

/** What became of the audio of a call, in mu-law bytes (8 per millisecond). */
export interface AudioAccount {
  readonly caller: IntakeAccount;
  readonly agent: AgentVoice['account'];
}

/** The talk between caller and model: audio both ways, turns, tool calls, and what was said. It knows nothing of phases. */
export class Conversation {
  readonly #reaction: Reaction;
  readonly #intake: Intake;
  readonly #voice: AgentVoice;
  readonly #toolCalls = new ToolCalls();
  readonly #transcript = new Transcript();
  #model: 'unopened' | 'connecting' | 'open' | 'closed' = 'unopened';
  #bargeIns = 0;
  #wordsWereLost = false;

  constructor(codec: MulawCodec, reaction: Reaction) {
    this.#reaction = reaction;
    this.#intake = new Intake(codec);
    this.#voice = new AgentVoice(codec);
  }

  get account(): AudioAccount {
    return { caller: this.#intake.account, agent: this.#voice.account };
  }

  get bargeIns(): number {
    return this.#bargeIns;
  }

  get modelIsOpen(): boolean {
    return this.#model === 'open';
  }

  get agentIsGenerating(): boolean {
    return this.#voice.isGenerating;
  }

  /** Whether the caller has heard all that was sent. */
  get agentIsSilent(): boolean {
    return this.#voice.isSilent;
  }

  get unheardMs(): number {
    return this.#voice.unheardMs;
  }

  // ── The model session ──────────────────────────────────────────────────────────────────────────────────────────

  /** Opens the model session, once. Returns whether this was the time. */
  openModel(): boolean {
    if (this.#model !== 'unopened') return false;
    this.#model = 'connecting';
    this.#reaction.wait('modelOpen', modelOpenMsMax);
    this.#reaction.do({ type: 'model.open' });
    return true;
  }

  /** The greeting is asked for at once, even before the stream: what comes early is held, and the caller waits less. */
  modelOpened(greetingRequest: string): void {
    if (this.#model !== 'connecting') return;
    this.#model = 'open';
    this.#reaction.stopWaiting('modelOpen');
    this.#reaction.wait('greetingHold', greetingStartMsMax);
    this.#intake.modelOpened();
    this.tell(greetingRequest);
  }

  /** Nothing goes to the model any more, and no tool answer is owed (GM-TOOL-3). Returns whether the session was still in use. */
  closeModel(): boolean {
    if (this.#model === 'closed') return false;
    this.#model = 'closed';
    this.#reaction.stopWaiting('modelOpen', 'greetingHold', 'tool');
    for (const id of this.#toolCalls.abandon()) this.#reaction.do({ type: 'tool.cancel', id });
    this.#intake.close();
    // What the model had sent is all there is of its reply.
    this.generationCompleted();
    this.#reaction.do({ type: 'model.close' });
    return true;
  }

  /** Tells the model something to which it answers at once, if there is a model. */
  tell(text: string): void {
    if (this.modelIsOpen) this.#reaction.do({ type: 'model.sendText', text });
  }

  // ── The caller ─────────────────────────────────────────────────────────────────────────────────────────────────

  callerAudio(audio: Uint8Array): void {
    this.#forward(this.#intake.receive(audio));
  }

  callerSaid(text: string): void {
    this.#transcript.callerSaid(text);
  }

  /** Whatever was held for the greeting goes to the model. */
  releaseCaller(): void {
    this.#reaction.stopWaiting('greetingHold');
    this.#forward(this.#intake.release());
  }

  #forward(pieces: readonly Uint8Array[]): void {
    for (const pcm of pieces) this.#reaction.do({ type: 'model.sendAudio', pcm });
  }

  // ── The agent ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Audio of the model. Returns whether it belongs to a reply that counts. */
  agentAudio(pcm24k: Uint8Array): boolean {
    const taken = this.#voice.audioArrived(pcm24k, this.#reaction.nowMs);
    if (taken.kind === 'stale') return false;
    if (taken.kind === 'begins') this.#write(this.#transcript.settleCaller());
    this.#intake.greetingBegan();
    this.#reaction.do(...taken.effects);
    this.#prolongHold();
    return true;
  }

  /** The greeting may stall: the caller's words wait until what came of it has been played, and then no longer than for its start. */
  #prolongHold(): void {
    if (this.#intake.isHolding) this.#reaction.wait('greetingHold', this.#voice.unheardMs + greetingStartMsMax);
  }

  agentSaid(text: string): void {
    if (!this.#voice.isStale(this.#reaction.nowMs)) this.#transcript.agentSaid(text);
  }

  generationCompleted(): void {
    this.#reaction.do(...this.#voice.generationCompleted(this.#reaction.nowMs));
  }

  turnCompleted(): void {
    this.#reaction.do(...this.#voice.turnCompleted(this.#reaction.nowMs));
    // Transcripts may come behind the audio, but not behind the end of the turn (GM-TURN-3).
    if (this.#voice.isSilent && !this.#voice.isGenerating) this.#write(this.#transcript.settleAgent(null));
  }

  /** Stops the agent in mid-speech: Twilio drops what the caller has not heard, and the transcript keeps what was. */
  cutAgent(): void {
    const { cleared, position } = this.#voice.cut(this.#reaction.nowMs);
    if (cleared) {
      this.#bargeIns += 1;
      this.#reaction.do({ type: 'stream.clear' });
      this.#reaction.note('info', 'bargeIn', { ...position });
    }
    this.#writeCut(position);
  }

  marked(mark: string): void {
    this.#voice.marked(mark, this.#reaction.nowMs);
  }

  /** The last marks are overdue. */
  marksLost(): void {
    this.#reaction.note('warn', 'marksLost', { marks: this.#voice.assumeHeard() });
  }

  // ── The stream ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A stream is there. Returns whether the caller missed words of the agent because an earlier one broke. */
  streamStarted(): boolean {
    const wordsWereLost = this.#wordsWereLost;
    this.#wordsWereLost = false;
    this.#reaction.do(...this.#voice.streamStarted(this.#reaction.nowMs));
    this.#prolongHold();
    return wordsWereLost;
  }

  streamLost(): void {
    this.#wordsWereLost = !this.#voice.isSilent;
    const position = this.#voice.streamLost(this.#reaction.nowMs);
    if (this.#wordsWereLost) this.#writeCut(position);
  }

  // ── Tool calls ─────────────────────────────────────────────────────────────────────────────────────────────────

  toolCalled(call: ToolCall): void {
    // The model acts on what the caller said, so that line is complete.
    this.#write(this.#transcript.settleCaller());
    const started = this.#toolCalls.start(call, this.#reaction.nowMs);
    if (started === 'started') return this.#reaction.do({ type: 'tool.run', call });
    this.#reaction.note('warn', 'toolCallRefused', { why: started });
    if (started === 'tooMany') {
      const response = failure('Too many tools run at once. Wait for their answers.');
      const answer = { id: call.id, name: call.name, response, silent: false };
      this.#reaction.do({ type: 'model.answerTools', answers: [answer] });
    }
  }

  cancelTool(id: string, why: string): void {
    if (this.answerTool(id, failure(why), false)) this.#reaction.do({ type: 'tool.cancel', id });
  }

  cancelOverdueTools(): void {
    for (const id of this.#toolCalls.overdue(this.#reaction.nowMs)) {
      this.#reaction.note('warn', 'toolFailed', { fault: 'tool.timedOut' });
      this.cancelTool(id, 'It took too long.');
    }
  }

  isToolOpen(id: string): boolean {
    return this.#toolCalls.isOpen(id);
  }

  /** Answers a tool call that is still open. Returns whether it was. */
  answerTool(id: string, response: ToolResponse, silent: boolean): boolean {
    const name = this.#toolCalls.settle(id);
    if (name === null) return false;
    this.#reaction.do({ type: 'model.answerTools', answers: [{ id, name, response, silent }] });
    return true;
  }

  // ── After each event ───────────────────────────────────────────────────────────────────────────────────────────

  /** Whatever has become due through the event: a reply that is over, the next deadline of marks and tools. */
  advance(): void {
    if (this.#voice.takeReplyOver()) {
      this.#write(this.#transcript.settleAgent(null));
      this.releaseCaller();
    }
    this.#reaction.waitUntil('playoutDrain', this.#voice.drainDeadlineMs);
    this.#reaction.waitUntil('tool', this.#toolCalls.nextDeadlineMs);
  }

  /** The call is over. */
  end(): void {
    this.streamLost();
    this.closeModel();
    this.#write(this.#transcript.settleCaller());
    this.#write(this.#transcript.settleAgent(null));
  }

  #writeCut(position: ReplyPosition): void {
    this.#write(this.#transcript.settleAgent(position));
  }

  #write(line: TranscriptLine | null): void {
    if (line !== null) this.#reaction.do({ type: 'transcript.add', ...line });
  }
}

/** What the model is told when something did not work and trying again would not help. */
export function failure(message: string): ToolResponse {
  return { error: message, retryable: false };
}
