import { scrolled, showing, type View, wholeView, zoomed } from './tracks/view.ts';

/** What a key can do on this page. Keys may come faster than the page is drawn, so nothing here is what was drawn last. */
export interface KeyTargets {
  readonly durationMs: number;
  readonly positionMs: number;
  readonly setView: (change: (before: View) => View) => void;
  /** Moves to another place of the call; returns where it is then. */
  readonly seek: (ms: number) => number;
  readonly toggle: () => void;
}

const zoomStep = 1.5;

/** An arrow moves by a twentieth of what is seen, and with Shift what is seen by a fifth of it. */
const arrowShare = 1 / 20;
const shiftShare = 1 / 5;

/** Does what a key means. Returns whether it means anything. */
export function keyPressed(key: string, shift: boolean, targets: KeyTargets): boolean {
  const { durationMs, positionMs, setView, seek, toggle } = targets;
  const zoom = (factor: number) => (): void =>
    setView((view) => {
      const isSeen = positionMs >= view.fromMs && positionMs <= view.fromMs + view.spanMs;
      return zoomed(view, factor, isSeen ? positionMs : view.fromMs + view.spanMs / 2, durationMs);
    });
  const move = (direction: 1 | -1) => (): void =>
    setView((view) => {
      if (shift) return scrolled(view, direction * view.spanMs * shiftShare, durationMs);
      return showing(view, seek(positionMs + direction * view.spanMs * arrowShare), durationMs);
    });
  const jump = (ms: number) => (): void => setView((view) => showing(view, seek(ms), durationMs));
  const actions: Readonly<Record<string, () => void>> = {
    '+': zoom(1 / zoomStep),
    '=': zoom(1 / zoomStep),
    '-': zoom(zoomStep),
    '0': () => setView(() => wholeView(durationMs)),
    ArrowLeft: move(-1),
    ArrowRight: move(1),
    Home: jump(0),
    End: jump(durationMs),
    ' ': toggle,
  };
  const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
  action?.();
  return action !== undefined;
}

/** Where keys are meant for something else: a button is pressed by the space bar, and a field takes every key. */
export function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('select, input, textarea, pre') !== null) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}
