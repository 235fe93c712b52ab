/**
 * Looking at one bin of a plot: by pointer or, once it has the focus, by arrow keys. Reports the bin and the place of
 * the pointer; must not know what the bin holds.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { Frame } from "../model/binning.js";

/** `bin` is null when one looks away; `x` and `y` in CSS pixels of the frame. */
export interface BinLook {
  readonly bin: number | null;
  /** The step that is looked at, where a plot has several. */
  readonly step: number | null;
  readonly x: number;
  readonly y: number;
}

export class BinLookEvent extends CustomEvent<BinLook> {
  constructor(detail: BinLook) {
    super("bin-look", { detail, bubbles: true, composed: true });
  }
}

/** `plotY` is the pointer's place below the upper edge of the plot; null for a bin chosen by keys. */
export type OnLook = (look: Omit<BinLook, "step">, plotY: number | null) => void;

/** Bins that a key with shift goes on by. */
const STRIDE = 10;

export class BinProbe {
  readonly #host: HTMLElement;
  readonly #onLook: OnLook;
  #frame: Frame | null = null;
  #bin: number | null = null;

  constructor(host: HTMLElement, onLook: OnLook) {
    this.#host = host;
    this.#onLook = onLook;
  }

  /** The layer over a plot that listens; `text` says what the bin holds. */
  render(frame: Frame, bin: number | null, label: string, text: string): TemplateResult {
    this.#frame = frame;
    this.#bin = bin;
    return html`<div
      class="probe"
      role="slider"
      tabindex="0"
      data-testid="bin-probe"
      aria-label=${label}
      aria-valuemin="0"
      aria-valuemax=${frame.size - 1}
      aria-valuenow=${bin ?? 0}
      aria-valuetext=${bin === null ? "no bin chosen: use the arrow keys" : text || nothing}
      @pointermove=${this.#onMove}
      @pointerleave=${this.#onLeave}
      @pointerdown=${keepFocus}
      @mousedown=${keepFocus}
      @keydown=${this.#onKey}
      @blur=${this.#onLeave}
    ></div>`;
  }

  readonly #onMove = (event: PointerEvent): void => {
    const { size } = this.#frame ?? { size: 1 };
    const box = this.#host.getBoundingClientRect();
    const share = (event.clientX - box.left) / this.#width(event.currentTarget);
    const bin = Math.min(size - 1, Math.max(0, Math.floor(share * size)));
    this.#onLook({ bin, x: event.clientX, y: event.clientY }, event.clientY - box.top);
  };

  readonly #onLeave = (): void => this.#onLook({ bin: null, x: 0, y: 0 }, null);

  // Arrow keys belong to the bins while a plot has the focus; elsewhere they are the timeline's.
  readonly #onKey = (event: KeyboardEvent): void => {
    const { size } = this.#frame ?? { size: 1 };
    const stride = event.shiftKey ? STRIDE : 1;
    const from = this.#bin ?? Math.floor(size / 2);
    const targets: Readonly<Record<string, number | null>> = {
      ArrowLeft: from - stride,
      ArrowRight: from + stride,
      Home: 0,
      End: size - 1,
      // Where no bin is looked at, the screen has another meaning for it.
      ...(this.#bin === null ? {} : { Escape: null }),
    };
    const target = targets[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (target === null) {
      this.#onLeave();
      return;
    }
    const bin = Math.min(size - 1, Math.max(0, target));
    const box = this.#host.getBoundingClientRect();
    const x = box.left + ((bin + 0.5) / size) * this.#width(event.currentTarget);
    this.#onLook({ bin, x, y: box.top + box.height / 3 }, null);
  };

  #width(target: EventTarget | null): number {
    return target instanceof HTMLElement ? target.getBoundingClientRect().width : 1;
  }
}

// A click must not take the arrow keys away from the timeline.
function keepFocus(event: Event): void {
  event.preventDefault();
}
