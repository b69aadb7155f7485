/**
 * What goes wrong. `kill`: a process gets SIGKILL and is started again some seconds later. `stop`: it gets SIGSTOP, and SIGCONT later.
 * `deploy`: it gets SIGTERM and is started again when it has ended. `oneCut`: a process alone cannot reach the database. The others befall
 * the database of all: it is restarted, crashes and is started again, takes no connection, answers nothing, or answers late.
 */
export type ChaosFault =
  | 'kill'
  | 'stop'
  | 'deploy'
  | 'oneCut'
  | 'databaseRestart'
  | 'databaseCrash'
  | 'databaseCut'
  | 'databaseHeld'
  | 'databaseSlow';

/** A time in ms that is drawn. */
export interface TimeRange {
  readonly min: number;
  readonly max: number;
}

/** One kind of fault. */
export interface FaultRule {
  readonly words: string;
  /** Whether one process is struck, or the database of all. */
  readonly strikes: 'process' | 'database';
  /** How long it lasts. A deploy lasts as long as it takes. */
  readonly lastsMs: TimeRange;
  /** How long nothing is struck afterwards, so that each fault meets a fleet that is whole. */
  readonly restMs: TimeRange;
  /** How long the callers of a struck process may hear nothing, for 95 of 100; null where nothing is asked. */
  readonly silenceMsMax: number | null;
}

/** A process that was killed has its name again after its lease, which is 8 s. */
const afterProcess: TimeRange = { min: 9_000, max: 12_000 };

/** The connection to a database is tried again every 5 s at the latest. */
const afterDatabase: TimeRange = { min: 6_000, max: 9_000 };

/** Long enough for live calls to want the journal and for new ones to come. */
const away: TimeRange = { min: 6_000, max: 12_000 };

/** Longer than a lease, so that others fetch the calls. */
const longerThanLease: TimeRange = { min: 12_000, max: 16_000 };

const fetchedMsMax = 15_000;

export const faultRules: Readonly<Record<ChaosFault, FaultRule>> = {
  kill: process('kill -9', { min: 2_000, max: 5_000 }, 4_000),
  stop: process('SIGSTOP', longerThanLease, fetchedMsMax),
  deploy: process('SIGTERM', { min: 0, max: 0 }, null),
  oneCut: process('one cut off from the database', longerThanLease, fetchedMsMax),
  databaseRestart: database('database restarted', { min: 500, max: 3_000 }),
  databaseCrash: database('database crashed', { min: 500, max: 3_000 }),
  databaseCut: database('database refuses', away),
  databaseHeld: database('database hangs', away),
  databaseSlow: database('database slow', away),
};

function process(words: string, lastsMs: TimeRange, silenceMsMax: number | null): FaultRule {
  return { words, strikes: 'process', lastsMs, restMs: afterProcess, silenceMsMax };
}

function database(words: string, lastsMs: TimeRange): FaultRule {
  return { words, strikes: 'database', lastsMs, restMs: afterDatabase, silenceMsMax: null };
}

/** What one round does to its fleet. */
export interface ChaosRound {
  readonly name: string;
  /** Drawn from these, each time. */
  readonly faults: readonly [ChaosFault, ...ChaosFault[]];
  /** How far apart the clocks of the processes are at most. */
  readonly clocksApartMs: number;
  /** How many calls the fleet takes for each that is kept going. Below 1, callers are refused all the time. */
  readonly limitShare: number;
  /** How many times as long as others it lasts. */
  readonly spans: number;
}

const roomForAll = 2;

/** Each kind of fault alone, and all of them mixed. */
export const chaosRounds: readonly ChaosRound[] = [
  alone('kill'),
  alone('stop'),
  alone('deploy'),
  alone('oneCut'),
  { name: 'clocks apart', faults: ['kill', 'stop', 'deploy'], clocksApartMs: 5_000, limitShare: roomForAll, spans: 2 },
  { name: 'full fleet', faults: ['kill'], clocksApartMs: 0, limitShare: 0.75, spans: 1 },
  alone('databaseRestart'),
  alone('databaseCrash'),
  alone('databaseCut'),
  alone('databaseHeld'),
  alone('databaseSlow'),
  {
    name: 'mixed',
    faults: [
      'kill',
      'kill',
      'stop',
      'deploy',
      'oneCut',
      'databaseRestart',
      'databaseCrash',
      'databaseCut',
      'databaseSlow',
    ],
    clocksApartMs: 5_000,
    limitShare: roomForAll,
    spans: 3,
  },
];

function alone(fault: ChaosFault): ChaosRound {
  return { name: faultRules[fault].words, faults: [fault], clocksApartMs: 0, limitShare: roomForAll, spans: 1 };
}
