import type { Call } from '../../call/call.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent, CallRequest, LeaveOrder } from '../../call/events.ts';
import type { ToolCall, ToolResponse, ToolScheduling } from '../../call/tooling/tool-call.ts';
import type { FormFields, HttpAnswer } from '../carrier/carrier-events.ts';
import type { RestRequest } from '../carrier/rest/rest-answer.ts';

/** How a tool comes out. */
export type ToolCourse =
  | {
      readonly type: 'finished';
      readonly response: ToolResponse;
      readonly scheduling: ToolScheduling;
      readonly leave: LeaveOrder | null;
    }
  | { readonly type: 'failed'; readonly fault: 'tool.failed' | 'tool.refused' | 'tool.interrupted' };

/**
 * What reaches the service under test from outside. Sockets of the phone network are named by their stream, those of the model by a number
 * that no other has, also of another service.
 */
export type ServiceEvent =
  | { readonly type: 'http.requested'; readonly id: number; readonly path: string; readonly fields: FormFields }
  | { readonly type: 'stream.opened'; readonly streamSid: string }
  /** Frames that lie in the socket together. */
  | {
      readonly type: 'stream.received';
      readonly streamSid: string;
      readonly frames: readonly (string | Uint8Array)[];
    }
  | { readonly type: 'stream.ponged'; readonly streamSid: string }
  | { readonly type: 'stream.closed'; readonly streamSid: string; readonly code: number }
  | { readonly type: 'model.connected'; readonly session: number }
  /** The handshake failed. `status`: what the service answered; null when there was nobody. */
  | { readonly type: 'model.refused'; readonly session: number; readonly status: number | null }
  /** The connection takes nothing any more, and so many bytes wait for it. */
  | { readonly type: 'model.choked'; readonly session: number; readonly waitingBytes: number }
  | { readonly type: 'model.received'; readonly session: number; readonly text: string }
  | { readonly type: 'model.closed'; readonly session: number; readonly code: number; readonly reason: string }
  /** What came of `rest.update`: null when it was done, else Twilio's error code, undefined where it gave none. */
  | { readonly type: 'rest.answered'; readonly failure: { readonly code: number | undefined } | null }
  /** What the REST interface answers to `rest.request`; `body` is JSON, null for none. */
  | { readonly type: 'rest.responded'; readonly id: number; readonly status: number; readonly body: object | null }
  /** The server that knows the callers answers `context.ask`; null when it could not be reached. */
  | { readonly type: 'context.answered'; readonly question: number; readonly body: string | null }
  | { readonly type: 'tool.settled'; readonly run: number; readonly outcome: ToolCourse }
  /** An operator orders something of the call, or the caller shows a picture. */
  | { readonly type: 'request.made'; readonly request: CallRequest }
  | { readonly type: 'service.drained' }
  /** Another process will go on with the calls: the service is to release them, and to end with `service.stopped`. */
  | { readonly type: 'service.restarting' }
  | { readonly type: 'tick' };

/** What the service does to the outside. `model.send` is a client message, as the SDK writes it. */
export type ServiceEffect =
  | { readonly type: 'http.answer'; readonly id: number; readonly answer: HttpAnswer }
  | { readonly type: 'stream.send'; readonly streamSid: string; readonly text: string }
  | { readonly type: 'stream.ping'; readonly streamSid: string }
  | { readonly type: 'stream.close'; readonly streamSid: string; readonly code: number }
  /** The connection is cut without a closing handshake. */
  | { readonly type: 'stream.drop'; readonly streamSid: string }
  | { readonly type: 'model.connect'; readonly session: number; readonly apiVersion: string; readonly apiKey: string }
  | { readonly type: 'model.send'; readonly session: number; readonly message: object }
  /** The closing handshake begins. */
  | { readonly type: 'model.close'; readonly session: number }
  /** The connection is cut. */
  | { readonly type: 'model.drop'; readonly session: number }
  | { readonly type: 'rest.update'; readonly twiml: string }
  /** Any request of the REST interface, by its path and form (TW-REST-4, TW-CONF-3). */
  | { readonly type: 'rest.request'; readonly id: number; readonly request: RestRequest }
  /** The server that knows the callers is asked about a new call. */
  | { readonly type: 'context.ask'; readonly question: number }
  /** `key`: of the intent, without the call's own id. */
  | ({ readonly type: 'tool.run'; readonly run: number; readonly key: string } & Pick<ToolCall, 'name' | 'args'>)
  | { readonly type: 'service.stopped' };

/** One step of the call inside the service. */
export type ObserveStep = (event: CallEvent, effects: readonly CallEffect[], call: Call) => void;

/**
 * The service under test, in virtual time. The world knows no more of it than what passes its sockets; whoever runs the world
 * builds it of the product's own parts, so that the simulators share no table of rules with it.
 */
export interface ServiceMachine {
  /** Takes one event and returns what must be done, in order. `atMs` never goes back. */
  handle(event: ServiceEvent, atMs: number): readonly ServiceEffect[];
  /** When a tick is next needed; null while only the outside can go on. */
  nextDeadline(): number | null;
}
