/** Wheel, drag, pinch and keys as movements of a view. */
import { panned, zoomed } from './view_window.ts';
import type { ViewWindow } from './view_window.ts';

const KEY_PAN = 60;
const KEY_ZOOM = 1.4;
/** A press that moves less than this is a click. */
const CLICK_PX = 5;

/** The view after a key press; null for keys that mean nothing here. */
export function viewAfterKey(view: ViewWindow, key: string): ViewWindow | null {
  const [x, y] = [view.width / 2, view.height / 2];
  switch (key) {
    case '+':
    case '=':
      return zoomed(view, KEY_ZOOM, x, y);
    case '-':
      return zoomed(view, 1 / KEY_ZOOM, x, y);
    case '0':
      return { ...view, zoom: 1, x: 0, y: 0 };
    case 'ArrowLeft':
      return panned(view, KEY_PAN, 0);
    case 'ArrowRight':
      return panned(view, -KEY_PAN, 0);
    case 'ArrowUp':
      return panned(view, 0, KEY_PAN);
    case 'ArrowDown':
      return panned(view, 0, -KEY_PAN);
    default:
      return null;
  }
}

export function viewAfterWheel(view: ViewWindow, event: WheelEvent, x: number, y: number): ViewWindow {
  const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 * event.deltaY : event.deltaY;
  // A pinch on a trackpad comes as a wheel with Ctrl and small steps.
  return zoomed(view, Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0016)), x, y);
}

interface Finger {
  readonly x: number;
  readonly y: number;
}

/** Fingers, or the mouse with its button down. */
export class Drag {
  private readonly fingers = new Map<number, Finger>();
  private travelled = 0;

  get active(): boolean {
    return this.fingers.size > 0;
  }

  press(id: number, x: number, y: number): void {
    if (this.fingers.size === 0) this.travelled = 0;
    this.fingers.set(id, { x, y });
  }

  /** The view after a finger moved; two fingers zoom about the point between them. */
  move(view: ViewWindow, id: number, x: number, y: number): ViewWindow {
    const before = this.fingers.get(id);
    if (before === undefined) return view;
    this.fingers.set(id, { x, y });
    this.travelled += Math.hypot(x - before.x, y - before.y);
    const other = [...this.fingers].find(([each]) => each !== id)?.[1];
    if (other === undefined)
      return this.travelled < CLICK_PX ? view : panned(view, x - before.x, y - before.y);
    const factor =
      Math.hypot(x - other.x, y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    const moved = panned(view, (x - before.x) / 2, (y - before.y) / 2);
    return zoomed(moved, factor, (x + other.x) / 2, (y + other.y) / 2);
  }

  /** Whether the press was a click. */
  release(id: number): boolean {
    const click = this.fingers.size === 1 && this.fingers.has(id) && this.travelled < CLICK_PX;
    this.fingers.delete(id);
    return click;
  }
}
