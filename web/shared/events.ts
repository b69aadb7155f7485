/** How long it is waited before the next attempt: at first, and at most. */
const retryMs = { first: 1_000, max: 15_000 };

/** Takes the data of an event. As it is a method, a handler may say which data it takes: the server sends no others by that name. */
interface EventTaker {
  take(data: unknown): void;
}

/** What is told of events that come. */
export interface EventHandlers {
  /** What to do with the data of each event, by its name. */
  readonly on: Readonly<Record<string, EventTaker['take']>>;
  /** Whether events come at this time. What was missed meanwhile does not come again. */
  readonly onState: (state: 'open' | 'lost') => void;
}

/** Follows a stream of events, and connects again when it is lost. Returns a function that ends this. */
export function followEvents(path: string, { on, onState }: EventHandlers): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  let waitMs = retryMs.first;
  const connect = (): void => {
    const next = new EventSource(path);
    source = next;
    next.addEventListener('open', () => {
      waitMs = retryMs.first;
      onState('open');
    });
    next.addEventListener('error', () => {
      next.close();
      onState('lost');
      timer = window.setTimeout(connect, waitMs);
      waitMs = Math.min(2 * waitMs, retryMs.max);
      void reloadIfLoggedOut();
    });
    for (const [name, take] of Object.entries(on)) {
      next.addEventListener(name, (event) => take(JSON.parse(String(event.data))));
    }
  };
  connect();
  return () => {
    window.clearTimeout(timer);
    source?.close();
  };
}

/** An event source does not say why it fails. The server shows its log-in page in place of this one. */
async function reloadIfLoggedOut(): Promise<void> {
  const response = await fetch('/api/health').catch(() => null);
  if (response?.status === 401) location.reload();
}
