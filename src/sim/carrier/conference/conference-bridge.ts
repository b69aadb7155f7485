import { Agenda, earlier } from '../../model/agenda.ts';
import { noted, problem } from '../carrier-events.ts';
import { courseOf } from '../verbs/dialling.ts';
import { randomSid } from '../../seeded-random.ts';
import type { Callback, ConferenceSeat } from '../twiml/twiml.ts';
import type { Departure, LeaveReason } from './conference.ts';
import { Conference } from './conference.ts';
import type { ConferenceEffect, ConferenceEvent, ConferenceOrder } from './conference-events.ts';
import type { Aside, AsideOutcome, ConferenceBridgeSettings } from './conference-webhooks.ts';
import { ConferenceWebhooks } from './conference-webhooks.ts';
import type { LegStep, OutboundOrder } from './outbound-leg.ts';
import { OutboundLeg } from './outbound-leg.ts';

type Due = { readonly type: 'leg'; readonly leg: OutboundLeg } | { readonly type: 'announced'; readonly aside: Aside };

/**
 * The conferences of one account, and the calls that its REST API makes into them (TW-CONF-1 to TW-CONF-3).
 *
 * A machine like `CarrierCall`, beside the calls: a call joins and leaves, and is told when the conference lets it go. Nothing is
 * mixed: what is played is noted, and what the participants say to each other is theirs.
 */
export class ConferenceBridge {
  readonly #settings: ConferenceBridgeSettings;
  readonly #webhooks: ConferenceWebhooks;
  readonly #conferences: Conference[] = [];
  readonly #legs = new Map<string, OutboundLeg>();
  readonly #agenda = new Agenda<Due>();
  #effects: ConferenceEffect[] = [];

  constructor(settings: ConferenceBridgeSettings) {
    this.#settings = settings;
    this.#webhooks = new ConferenceWebhooks(settings);
  }

  /** All conferences there ever were, in the order in which they came into being. */
  get conferences(): readonly Conference[] {
    return this.#conferences;
  }

  /** A conference by its SID, or the one of that name that is not over. */
  find(sidOrName: string): Conference | null {
    return (
      this.#conferences.find(
        ({ sid, name, status }) => sid === sidOrName || (name === sidOrName && status !== 'completed'),
      ) ?? null
    );
  }

  /** The legs that were called into a conference, ended ones too. */
  get legs(): readonly OutboundLeg[] {
    return [...this.#legs.values()];
  }

  handle(event: ConferenceEvent, atMs: number): readonly ConferenceEffect[] {
    this.#effects = [];
    this.#advance(atMs);
    switch (event.type) {
      case 'call.joined':
        this.#join(event.callSid, event.name, event.seat, atMs);
        break;
      case 'call.left':
        this.#callLeft(event.callSid, event.why, atMs);
        break;
      case 'rest.ordered':
        this.#obey(event.order, atMs);
        break;
      case 'http.connected':
      case 'http.answered':
      case 'http.failed':
        this.#heard(this.#webhooks.take(event, atMs), atMs);
        break;
      case 'tick':
    }
    this.#advance(atMs);
    return this.#effects;
  }

  nextDeadline(): number | null {
    return earlier(this.#agenda.nextDeadline(), this.#webhooks.nextDeadlineMs());
  }

  #advance(atMs: number): void {
    for (let dueMs = this.nextDeadline(); dueMs !== null && dueMs <= atMs; dueMs = this.nextDeadline()) {
      const due = this.#agenda.takeDue(dueMs);
      if (due === null) this.#heard(this.#webhooks.expire(dueMs), dueMs);
      else if (due.type === 'leg') this.#legDue(due.leg, dueMs);
      else this.#effects.push(...this.#webhooks.announced(due.aside, 'announcement-end', dueMs));
    }
  }

  // ── Who comes and goes ─────────────────────────────────────────────────────────────────────────────────────────

  #join(callSid: string, name: string, seat: ConferenceSeat, atMs: number): void {
    const conference = this.#open(name, seat.statusCallback, atMs);
    const isLabelTaken = seat.label !== null && conference.find(seat.label) !== null;
    if (isLabelTaken || conference.participants.length >= seat.participantsMax) {
      if (isLabelTaken) this.#effects.push(problem(16025, seat.label ?? '', atMs));
      this.#effects.push({ type: 'call.released', callSid, bridged: false });
      return;
    }
    this.#effects.push(...this.#webhooks.tell(conference, conference.join(callSid, seat, atMs), atMs));
    if (conference.status === 'init' && seat.wait !== null) {
      this.#play({ purpose: 'conferenceWait', conference, callSid }, seat.wait, atMs);
    }
  }

  #callLeft(callSid: string, why: 'hungUp' | 'movedOn', atMs: number): void {
    const conference = this.#conferenceOf(callSid);
    if (conference === null) return;
    const reason = why === 'hungUp' ? 'participant_hung_up' : 'participant_updated_via_api';
    const departure = conference.leave(callSid, reason, why === 'hungUp' ? 'completed' : 'in-progress');
    this.#departed(conference, departure, atMs);
  }

  /** Puts somebody out of a conference, whoever it is. */
  #putOut(conference: Conference, callSid: string, reason: LeaveReason, atMs: number): void {
    const bridged = conference.status === 'in-progress';
    const departure = conference.leave(callSid, reason, 'in-progress');
    this.#departed(conference, departure, atMs);
    this.#release(callSid, bridged, atMs);
  }

  #departed(conference: Conference, { news, dismissed, bridged }: Departure, atMs: number): void {
    this.#effects.push(...this.#webhooks.tell(conference, news, atMs));
    for (const callSid of dismissed) this.#release(callSid, bridged, atMs);
    // Whoever still rings for a conference that is over is called off.
    if (conference.status !== 'completed') return;
    for (const leg of this.#legs.values()) {
      if (leg.conferenceSid === conference.sid && !leg.isOver) this.#endLeg(leg, true, atMs);
    }
  }

  /** The conference is over for one call: its document goes on; a call that we made has none and ends. */
  #release(callSid: string, bridged: boolean, atMs: number): void {
    const leg = this.#legs.get(callSid);
    if (leg === undefined) this.#effects.push({ type: 'call.released', callSid, bridged });
    else if (!leg.isOver) this.#endLeg(leg, true, atMs);
  }

  #conferenceOf(callSid: string): Conference | null {
    return (
      this.#conferences.find(({ participants }) =>
        participants.some((participant) => participant.callSid === callSid),
      ) ?? null
    );
  }

  #open(name: string, statusCallback: ConferenceSeat['statusCallback'], atMs: number): Conference {
    const open = this.find(name);
    if (open !== null && open.status !== 'completed') return open;
    const conference = new Conference(randomSid('CF', this.#settings.nextRandom), name, statusCallback, atMs);
    this.#conferences.push(conference);
    return conference;
  }

  // ── What the REST API orders ───────────────────────────────────────────────────────────────────────────────────

  #obey(order: ConferenceOrder, atMs: number): void {
    if (order.type === 'call') return this.#call(order.leg, order.conference, atMs);
    if (order.type === 'hangUp') return this.#hangUp(order.callSid, atMs);
    const conference = this.find(order.conferenceSid);
    if (conference === null) return;
    switch (order.type) {
      case 'complete':
        return this.#departed(conference, conference.complete(), atMs);
      case 'announce':
        return this.#play({ purpose: 'announce', conference, callSid: order.callSid }, order, atMs);
      case 'remove':
        return this.#putOut(conference, order.callSid, 'participant_updated_via_api', atMs);
      case 'change':
        this.#effects.push(...this.#webhooks.tell(conference, conference.change(order.callSid, order.change), atMs));
        if (order.hold !== null) this.#play({ purpose: 'hold', conference, callSid: order.callSid }, order.hold, atMs);
    }
  }

  #call(order: OutboundOrder, name: string, atMs: number): void {
    const conference = this.#open(name, order.seat.statusCallback, atMs);
    const course = courseOf(this.#settings.dialOutcomes[order.to], order.timeoutMs, order.timeLimitMs);
    const leg = new OutboundLeg(order, conference.sid, course, atMs);
    this.#legs.set(order.callSid, leg);
    this.#effects.push(noted({ atMs, kind: 'leg.dialled', callSid: order.callSid, to: order.to }));
    this.#report(leg, 'initiated', atMs);
    this.#report(leg, 'ringing', atMs);
    this.#agenda.add(leg.dueAtMs, { type: 'leg', leg });
  }

  #hangUp(callSid: string, atMs: number): void {
    const leg = this.#legs.get(callSid);
    if (leg !== undefined && !leg.isOver) this.#endLeg(leg, true, atMs);
  }

  #legDue(leg: OutboundLeg, atMs: number): void {
    if (leg.isOver) return;
    if (leg.status === 'in-progress' || leg.course.bridgedAtMs === null) return this.#endLeg(leg, false, atMs);
    leg.answer(atMs);
    this.#report(leg, 'answered', atMs);
    this.#agenda.add(leg.dueAtMs, { type: 'leg', leg });
    const { callSid, seat } = leg.order;
    const conference = this.find(leg.conferenceSid);
    if (conference !== null) this.#join(callSid, conference.name, seat, atMs);
  }

  #endLeg(leg: OutboundLeg, endedByOthers: boolean, atMs: number): void {
    leg.end(endedByOthers);
    const { callSid, to } = leg.order;
    this.#effects.push(noted({ atMs, kind: 'leg.ended', callSid, to, status: leg.status }));
    this.#report(leg, 'completed', atMs);
    const conference = this.#conferenceOf(callSid);
    if (conference === null) return;
    this.#departed(conference, conference.leave(callSid, 'participant_hung_up', 'completed'), atMs);
  }

  // ── What is told and played ────────────────────────────────────────────────────────────────────────────────────

  #report(leg: OutboundLeg, step: LegStep, atMs: number): void {
    this.#effects.push(...this.#webhooks.report(leg, step, atMs));
  }

  #play(aside: Aside, callback: Callback, atMs: number): void {
    this.#effects.push(...this.#webhooks.play(aside, callback, atMs));
  }

  #heard({ effects, played, failed }: AsideOutcome, atMs: number): void {
    this.#effects.push(...effects);
    if (played?.aside.purpose === 'announce') {
      this.#agenda.add(atMs + played.lastsMs, { type: 'announced', aside: played.aside });
    }
    // Somebody who cannot be given music does not get into the conference: seen in the field (TW-CONF-1).
    if (failed?.purpose === 'conferenceWait' && failed.callSid !== null) {
      this.#putOut(failed.conference, failed.callSid, 'participant_add_failed', atMs);
    }
  }
}
