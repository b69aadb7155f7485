import type { FormFields } from '../carrier-events.ts';
import type { ConferenceSeat } from '../twiml/twiml.ts';

/** Why a call is no longer in a conference, in Twilio's words (TW-CONF-2). */
export type LeaveReason =
  | 'participant_hung_up'
  | 'participant_updated_via_api'
  | 'participant_add_failed'
  | 'moderator_ended_conference'
  | 'conference_ended_via_api';

/** Why a conference is over, in the words of the REST API (TW-CONF-3). */
type CarrierEndReason =
  | 'conference-ended-via-api'
  | 'participant-with-end-conference-on-exit-left'
  | 'last-participant-left';

/** A call that is in a conference. */
export interface Participant {
  readonly callSid: string;
  readonly label: string | null;
  readonly isMuted: boolean;
  readonly isOnHold: boolean;
  /** The call that this one whispers to; null for none. */
  readonly coaches: string | null;
  readonly startsOnEnter: boolean;
  readonly endsOnExit: boolean;
  readonly joinedAtMs: number;
}

/** What the REST API changes about a participant. */
export type ParticipantChange = Partial<Pick<Participant, 'isMuted' | 'isOnHold' | 'coaches' | 'endsOnExit'>>;

/** One change of a conference: `word` is what `statusCallbackEvent` calls it, `event` what the callback does (TW-CONF-2). */
export interface ConferenceNews {
  readonly word: 'start' | 'end' | 'join' | 'leave' | 'mute' | 'hold' | 'modify' | 'announcement';
  readonly event: string;
  readonly callSid: string | null;
  readonly fields: FormFields;
}

/** What comes of somebody's leaving: the news, and whom the end of the conference puts out. */
export interface Departure {
  readonly news: readonly ConferenceNews[];
  readonly dismissed: readonly string[];
  /** Whether they had met: a conference that never started has connected nobody. */
  readonly bridged: boolean;
}

/** One conference: who is in it, and what they are told (TW-CONF-1, TW-CONF-2). */
export class Conference {
  readonly sid: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** The callback of whoever came first is that of the conference. */
  readonly statusCallback: ConferenceSeat['statusCallback'];
  readonly #participants = new Map<string, Participant>();
  #status: 'init' | 'in-progress' | 'completed' = 'init';
  #ending: { readonly reason: CarrierEndReason; readonly callSid: string | null } | null = null;

  constructor(sid: string, name: string, statusCallback: ConferenceSeat['statusCallback'], atMs: number) {
    this.sid = sid;
    this.name = name;
    this.statusCallback = statusCallback;
    this.createdAtMs = atMs;
  }

  get status(): 'init' | 'in-progress' | 'completed' {
    return this.#status;
  }

  /** How it ended; null while it lives. */
  get ending(): { readonly reason: CarrierEndReason; readonly callSid: string | null } | null {
    return this.#ending;
  }

  get participants(): readonly Participant[] {
    return [...this.#participants.values()];
  }

  /** A participant by its call or its label. */
  find(callSidOrLabel: string): Participant | null {
    const byCall = this.#participants.get(callSidOrLabel);
    return byCall ?? this.participants.find(({ label }) => label === callSidOrLabel) ?? null;
  }

  join(callSid: string, seat: ConferenceSeat, atMs: number): readonly ConferenceNews[] {
    const participant: Participant = {
      callSid,
      label: seat.label,
      isMuted: seat.isMuted,
      isOnHold: false,
      coaches: null,
      startsOnEnter: seat.startsOnEnter,
      endsOnExit: seat.endsOnExit,
      joinedAtMs: atMs,
    };
    this.#participants.set(callSid, participant);
    const joined = newsOf('join', 'participant-join', participant);
    // It takes two, one of whom may start it: until then each hears the music.
    const starts =
      this.#status === 'init' && this.#participants.size > 1 && this.participants.some((one) => one.startsOnEnter);
    if (!starts) return [joined];
    this.#status = 'in-progress';
    return [joined, { word: 'start', event: 'conference-start', callSid, fields: {} }];
  }

  /** Somebody leaves. `callStatus`: what that call does now. */
  leave(callSid: string, reason: LeaveReason, callStatus: string): Departure {
    const participant = this.#participants.get(callSid);
    const bridged = this.#status === 'in-progress';
    if (participant === undefined) return { news: [], dismissed: [], bridged };
    this.#participants.delete(callSid);
    const left = newsOf('leave', 'participant-leave', participant, {
      ReasonParticipantLeft: reason,
      ParticipantCallStatus: callStatus,
    });
    if (participant.endsOnExit) return this.#end('participant-with-end-conference-on-exit-left', callSid, [left]);
    if (this.#participants.size === 0) return this.#end('last-participant-left', callSid, [left]);
    return { news: [left], dismissed: [], bridged };
  }

  /** The REST API ends the conference for everybody (TW-CONF-3). */
  complete(): Departure {
    return this.#end('conference-ended-via-api', null, []);
  }

  change(callSid: string, change: ParticipantChange): readonly ConferenceNews[] {
    const before = this.#participants.get(callSid);
    if (before === undefined) return [];
    const after: Participant = { ...before, ...change };
    this.#participants.set(callSid, after);
    const news: ConferenceNews[] = [];
    if (after.isMuted !== before.isMuted) {
      news.push(newsOf('mute', after.isMuted ? 'participant-mute' : 'participant-unmute', after));
    }
    if (after.isOnHold !== before.isOnHold) {
      news.push(newsOf('hold', after.isOnHold ? 'participant-hold' : 'participant-unhold', after));
    }
    if (after.coaches !== before.coaches || after.endsOnExit !== before.endsOnExit) {
      news.push(newsOf('modify', 'participant-modify', after));
    }
    return news;
  }

  #end(reason: CarrierEndReason, callSid: string | null, news: readonly ConferenceNews[]): Departure {
    const viaApi = reason === 'conference-ended-via-api';
    const left: LeaveReason = viaApi ? 'conference_ended_via_api' : 'moderator_ended_conference';
    const dismissed = this.participants;
    const bridged = this.#status === 'in-progress';
    this.#participants.clear();
    this.#status = 'completed';
    this.#ending = { reason, callSid };
    const leaves = dismissed.map((participant) =>
      newsOf('leave', 'participant-leave', participant, {
        ReasonParticipantLeft: left,
        ParticipantCallStatus: 'in-progress',
      }),
    );
    const fields = { ReasonConferenceEnded: reason, ...(callSid === null ? {} : { CallSidEndingConference: callSid }) };
    const ended: ConferenceNews = { word: 'end', event: 'conference-end', callSid: null, fields };
    return {
      news: [...news, ...leaves, ended],
      dismissed: dismissed.map((participant) => participant.callSid),
      bridged,
    };
  }
}

function newsOf(
  word: ConferenceNews['word'],
  event: string,
  participant: Participant,
  extra: FormFields = {},
): ConferenceNews {
  const { callSid, label, isMuted, isOnHold, coaches, endsOnExit, startsOnEnter } = participant;
  const fields = {
    CallSid: callSid,
    Muted: String(isMuted),
    Hold: String(isOnHold),
    Coaching: String(coaches !== null),
    ...(coaches === null ? {} : { CallSidToCoach: coaches }),
    EndConferenceOnExit: String(endsOnExit),
    StartConferenceOnEnter: String(startsOnEnter),
    ...(label === null ? {} : { ParticipantLabel: label }),
    ...extra,
  };
  return { word, event, callSid, fields };
}
