import type { NextRandom } from '../../seeded-random.ts';
import type { SessionScript } from '../script/script.ts';
import type { CallerSoundKind, TurnTaking } from '../script/turn-taking.ts';

/** A clip that the caller has begun to say, and when. */
export interface CallerSound {
  readonly clip: string;
  readonly atMs: number;
}

/** What the model makes of a sound over its own voice: it stops for it, answers it once its own turn is over, or never hears it. */
type OverlapFate = 'stops' | 'answersLate' | 'unheard';

/** One sound of the caller over the model's own voice, for assertions. */
export interface Overlap {
  /** When the model made up its mind. */
  readonly atMs: number;
  /** Null where nobody told what was said. */
  readonly clip: string | null;
  readonly kind: CallerSoundKind;
  readonly fate: OverlapFate;
}

/** Where the audio stands, in ms of audio, and whether the model is speaking meanwhile. */
export interface OverlapMoment {
  readonly atMs: number;
  readonly positionMs: number;
  /** Audio that held speech so far. */
  readonly speechMs: number;
  readonly isModelHeard: boolean;
}

interface OpenOverlap {
  readonly onsetMs: number;
  readonly onsetSpeechMs: number;
  readonly sound: CallerSound | null;
  /** Null until the model has heard enough of it. */
  readonly fate: OverlapFate | null;
  /** Whether it stays unheard when the model is silent. */
  readonly isForNobody: boolean;
  /** When it stops, in ms of audio after the onset. */
  readonly stopsAfterMs: number;
  /** Speech so far when the model's own turn was over: what is said from there on is heard. Null while it is not. */
  readonly overAtSpeechMs: number | null;
}

/** A clip that was begun longer before an onset was too soft to be heard: a network holds nothing up for so long. */
const soundAgeMsMax = 5_000;
/** Speech for so much of the time in which the model makes up its mind is more than a backchannel. */
const longShare = 0.8;
/** Overlaps kept for assertions: more than an hour of lively talk has. */
const overlapsMax = 1_000;
const randomRange = 2 ** 32;

/**
 * What a model that does not stop for everything makes of the caller's speech over its own (GM-TURN-5). It counts the audio's own time.
 * Where the host tells which clips are said it knows their kind; otherwise whatever is long is speech, and the rest a backchannel.
 */
export class OverlapHearing {
  readonly #profile: TurnTaking;
  readonly #sounds: SessionScript['sounds'];
  readonly #latestSound: () => CallerSound | null;
  readonly #nextRandom: NextRandom;
  readonly #decided: Overlap[] = [];
  #open: OpenOverlap | null = null;
  /** Each clip is heard once: what comes after it is noise, until another begins. */
  #heard: CallerSound | null = null;

  constructor(
    profile: TurnTaking,
    sounds: SessionScript['sounds'],
    latestSound: () => CallerSound | null,
    nextRandom: NextRandom,
  ) {
    this.#profile = profile;
    this.#sounds = sounds;
    this.#latestSound = latestSound;
    this.#nextRandom = nextRandom;
  }

  /** What the model has made up its mind about, oldest first. */
  get decided(): readonly Overlap[] {
    return this.#decided;
  }

  /** Whether what is heard now is nothing to the model: it may speak meanwhile. */
  get isIgnored(): boolean {
    return this.#open?.fate === 'unheard' && this.#open.overAtSpeechMs === null;
  }

  /** A sound begins. Returns whether it is a turn of the caller at once, as it is where the model is not speaking. */
  began(moment: OverlapMoment): boolean {
    const sound = this.#newSound(moment.atMs);
    this.#heard = sound ?? this.#heard;
    const { isModelHeard, positionMs, speechMs } = moment;
    if (!isModelHeard && this.#isMeant(sound)) {
      this.#open = null;
      return true;
    }
    const fate = isModelHeard ? null : 'unheard';
    this.#open = {
      onsetMs: positionMs,
      onsetSpeechMs: speechMs,
      sound,
      fate,
      isForNobody: !isModelHeard,
      stopsAfterMs: Infinity,
      overAtSpeechMs: null,
    };
    return false;
  }

  /** More was heard. Returns whether the model stops now. */
  advance(moment: OverlapMoment): boolean {
    this.#lookForNewSound(moment);
    const open = this.#open;
    if (open === null) return false;
    if (!moment.isModelHeard) {
      this.#modelIsOver(open, moment);
      return false;
    }
    const heardMs = moment.positionMs - open.onsetMs;
    if (open.fate === null && heardMs >= this.#profile.noticeMs) this.#decide(open, moment);
    if (this.#open?.fate !== 'stops' || heardMs < this.#open.stopsAfterMs) return false;
    this.#open = null;
    return true;
  }

  /** The sound is over. Returns what the model makes of it in the end; `answersLate` also where it has stopped for it, or did not speak. */
  ended(moment: OverlapMoment): OverlapFate {
    const before = this.#open;
    if (before?.fate === null) this.#decide(before, moment);
    const open = this.#open;
    this.#open = null;
    if (open === null) return 'answersLate';
    const { fate, overAtSpeechMs } = open;
    if (fate === 'stops' && moment.isModelHeard) return 'stops';
    if (fate !== 'unheard') return 'answersLate';
    const saidAfterMs = overAtSpeechMs === null ? 0 : moment.speechMs - overAtSpeechMs;
    return saidAfterMs >= this.#profile.noticeMs ? 'answersLate' : 'unheard';
  }

  /** Whether the last of what was heard had no words in it. */
  get isWordless(): boolean {
    return this.#isTold && this.#kindOf(this.#heard) === 'noise';
  }

  get #isTold(): boolean {
    return Object.keys(this.#sounds).length > 0;
  }

  /** In noise one sound runs into the next: a clip that begins is a sound of its own. */
  #lookForNewSound(moment: OverlapMoment): void {
    const open = this.#open;
    if (open === null || open.fate === 'stops') return;
    if (this.#newSound(moment.atMs) !== null) this.began(moment);
  }

  /** The model's own turn is over while the caller still speaks. */
  #modelIsOver(open: OpenOverlap, { speechMs }: OverlapMoment): void {
    if (open.fate === null && !this.#isMeant(open.sound)) this.#open = { ...open, fate: 'unheard', isForNobody: true };
    else if (open.fate !== 'unheard') this.#open = null;
    else if (!open.isForNobody) this.#open = { ...open, overAtSpeechMs: open.overAtSpeechMs ?? speechMs };
  }

  /** What a sound is taken for while the model does not speak: speech for a turn of the caller, all else only by chance. */
  #isMeant(sound: CallerSound | null): boolean {
    if (!this.#isTold) return true;
    const kind = this.#kindOf(sound);
    return kind === 'speech' || this.#draw() < this.#profile.stopsFor[kind];
  }

  #decide(open: OpenOverlap, { atMs, speechMs }: OverlapMoment): void {
    const isLong = speechMs - open.onsetSpeechMs >= longShare * this.#profile.noticeMs;
    const kind = this.#isTold ? this.#kindOf(open.sound) : isLong ? 'speech' : 'backchannel';
    // As many draws for each sound, so that one chance changes nothing else.
    const [stops, when, answers] = [this.#draw(), this.#draw(), this.#draw()];
    const { stopsFor, stopsAfterMs, answersLate } = this.#profile;
    const [fromMs, toMs] = stopsAfterMs;
    const isAnswered = kind === 'speech' && answers < answersLate;
    const fate = stops < stopsFor[kind] ? 'stops' : isAnswered ? 'answersLate' : 'unheard';
    const isForNobody = kind !== 'speech' && fate === 'unheard';
    this.#open = { ...open, fate, isForNobody, stopsAfterMs: fromMs + when * (toMs - fromMs) };
    if (this.#decided.length < overlapsMax) this.#decided.push({ atMs, clip: open.sound?.clip ?? null, kind, fate });
  }

  #newSound(atMs: number): CallerSound | null {
    const sound = this.#isTold ? this.#latestSound() : null;
    return sound !== null && sound !== this.#heard && atMs - sound.atMs <= soundAgeMsMax ? sound : null;
  }

  /** What is heard while nobody says a clip is noise. */
  #kindOf(sound: CallerSound | null): CallerSoundKind {
    return sound === null ? 'noise' : (this.#sounds[sound.clip] ?? 'speech');
  }

  #draw(): number {
    return this.#nextRandom() / randomRange;
  }
}
