import { failure } from '../../call/tooling/tool-words.ts';
import type { CallFact, LeaveOrder } from '../../call/events.ts';
import type { ToolResponse } from '../../call/tooling/tool-call.ts';
import type { ErrorCode } from '../../errors.ts';
import { ToolRunner } from '../../host/tooling/tool-runner.ts';
import { runTool } from '../../service/run-tool.ts';
import { systemClock, withDeadline } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { ServedCall, Tool } from '../../tools/tool.ts';

/** What came of a tool that was run at the desk. */
export interface DeskOutcome {
  /** What the model would be told. */
  readonly told: ToolResponse;
  /** Without it speaking. */
  readonly silent: boolean;
  /** What would become of the call. */
  readonly leave: LeaveOrder | null;
  /** Null when it worked. */
  readonly fault: ErrorCode | null;
  readonly tookMs: number;
}

/** Runs a tool as the host of a call does. */
export async function runAtDesk(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  call: ServedCall,
  log: Logger,
): Promise<DeskOutcome> {
  const fromMs = systemClock.nowMs();
  const id = 'desk';
  const fact = await new Promise<CallFact | null>((resolve) => {
    const start = (bring: (fact: CallFact) => void): void => {
      const runner = new ToolRunner({ tools: new Map([[tool.name, tool]]), runTool, call, onFact: bring, log });
      // Nothing is on record at the desk, and whoever said --really knows.
      runner.accept({ id, name: tool.name, args }, id)?.(true);
    };
    withDeadline(systemClock, tool.timeoutMs, start, resolve);
  });
  const tookMs = systemClock.nowMs() - fromMs;
  if (fact?.type === 'tool.finished') {
    return { told: fact.response, silent: fact.scheduling === 'silent', leave: fact.leave, fault: null, tookMs };
  }
  const failed =
    fact?.type === 'tool.failed' ? fact : { fault: 'tool.timedOut' as const, message: 'It took too long.' };
  return { told: failure(failed.message), silent: false, leave: null, fault: failed.fault, tookMs };
}
