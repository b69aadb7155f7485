import { scrolled, type View, wholeView, zoomed } from './tracks/view.ts';

/** What a key can do on this page. */
export interface KeyTargets {
  readonly view: View;
  readonly durationMs: number;
  readonly positionMs: number;
  readonly setView: (view: View) => void;
  readonly seek: (ms: number) => void;
  readonly toggle: () => void;
}

const zoomStep = 1.5;

/** An arrow moves by a twentieth of what is seen. */
const arrowShare = 1 / 20;

/** Does what a key means. Returns whether it means anything. */
export function keyPressed(key: string, shift: boolean, targets: KeyTargets): boolean {
  const { view, durationMs, positionMs, setView, seek, toggle } = targets;
  const around = positionMs >= view.fromMs && positionMs <= view.fromMs + view.spanMs;
  const middleMs = around ? positionMs : view.fromMs + view.spanMs / 2;
  const byMs = view.spanMs * arrowShare;
  const actions: Readonly<Record<string, () => void>> = {
    '+': () => setView(zoomed(view, 1 / zoomStep, middleMs, durationMs)),
    '=': () => setView(zoomed(view, 1 / zoomStep, middleMs, durationMs)),
    '-': () => setView(zoomed(view, zoomStep, middleMs, durationMs)),
    '0': () => setView(wholeView(durationMs)),
    ArrowLeft: () => (shift ? setView(scrolled(view, -4 * byMs, durationMs)) : seek(positionMs - byMs)),
    ArrowRight: () => (shift ? setView(scrolled(view, 4 * byMs, durationMs)) : seek(positionMs + byMs)),
    Home: () => seek(0),
    End: () => seek(durationMs),
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
