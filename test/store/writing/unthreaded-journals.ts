import type { JournalBackend, JournalRenewal } from '../../../src/store/journal-job.ts';
import { answerJob, type JournalPlace } from '../../../src/store/thread/serve-journal.ts';

/**
 * Has places do the jobs of journals without a thread for each, whose start takes longer than what most tests do. One job at a time,
 * whoever wants it: SQLite makes its caller stand still while another one has the file.
 */
export class UnthreadedJournals {
  #answered = Promise.resolve();

  open(place: JournalPlace, onRenewal: (renewal: JournalRenewal) => void): JournalBackend {
    return {
      ask: (job, done) =>
        this.#then(async () => {
          const answer = await answerJob(place, job);
          const renewal = place.takeRenewal();
          if (renewal !== null) onRenewal(renewal);
          setImmediate(done, answer);
        }),
      stop: (done) =>
        this.#then(async () => {
          await place.close();
          done();
        }),
    };
  }

  #then(work: () => Promise<void>): void {
    this.#answered = this.#answered.then(work);
  }
}
