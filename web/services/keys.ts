/** What keys do on the lab page; fields and buttons keep their own. */
import type { Lab } from './lab.ts';

type Action = (lab: Lab) => unknown;

const ACTIONS: Readonly<Record<string, Action>> = {
  ' ': ({ run, state }) => (run.stage === 'playing' ? run.pause() : run.play(state.speed)),
  ArrowRight: ({ run }) => run.step(),
  ArrowUp: (lab) => lab.run.nextPhase(lab.followed ?? 0),
  r: ({ run }) => run.reset(),
  p: (lab) => {
    lab.pin();
  },
  Escape: (lab) => {
    lab.run.leavePhases();
  },
};

/** The action of a key press, or null where it belongs to a control or means nothing. */
export function keyAction(event: KeyboardEvent): Action | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  const [origin] = event.composedPath();
  if (
    origin instanceof Element &&
    origin.closest('input, select, textarea, dialog, [role], [tabindex]') !== null
  ) {
    return null;
  }
  if (origin instanceof HTMLButtonElement && (event.key === ' ' || event.key === 'Enter')) return null;
  return Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : null;
}
