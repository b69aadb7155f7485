import { Component, type ComponentChild, h } from 'preact';
import type { Health } from '../../src/console/health/health.ts';
import { AskError, getJson } from '../shared/ask.ts';
import { loadingNote, problemNote, showPage } from '../shared/notices.ts';

/** Whoever looks on sees a change soon. */
const lookMs = 5_000;

interface Seen {
  readonly health: Health | null;
  readonly trouble: string | null;
}

/** Whether calls are taken, and if not, why. */
class HealthPage extends Component<object, Seen> {
  override state: Seen = { health: null, trouble: null };

  override componentDidMount(): void {
    void this.#look();
  }

  override render(): ComponentChild {
    const { health, trouble } = this.state;
    return h('div', {}, [
      h('h1', {}, 'Health'),
      trouble === null ? null : problemNote(trouble),
      health === null ? (trouble === null ? loadingNote('Loading') : null) : healthCard(health),
    ]);
  }

  async #look(): Promise<void> {
    try {
      this.setState({ health: await getJson<Health>('/api/health'), trouble: null });
    } catch (error) {
      this.setState({ trouble: error instanceof AskError ? error.message : String(error) });
    }
    window.setTimeout(() => void this.#look(), lookMs);
  }
}

function healthCard({ ready, liveCalls, callsMax, problems }: Health): ComponentChild {
  return h('div', { class: 'card' }, [
    readyLine(ready, problems.length === 0),
    h('p', {}, `Calls now: ${liveCalls} of ${callsMax}.`),
    problems.length === 0
      ? h('p', { class: 'soft' }, 'Nothing needs attention.')
      : h(
          'ul',
          {},
          problems.map((words) => h('li', { class: 'bad' }, words)),
        ),
  ]);
}

/** A call that is taken may still come to nothing, as without a key that Google takes. */
function readyLine(ready: boolean, isWell: boolean): ComponentChild {
  if (!ready) return h('p', { class: 'bad', role: 'status' }, 'No new calls are taken.');
  return isWell
    ? h('p', { class: 'good', role: 'status' }, 'Ready for calls.')
    : h('p', { class: 'warn', role: 'status' }, 'Calls are taken, but something is wrong.');
}

showPage(h(HealthPage, {}));
