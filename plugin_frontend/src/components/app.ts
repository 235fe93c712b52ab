/**
 * The frame of the screen: rail, timeline, panels, tooltip; the theme that all inherit, and the keys. Must not
 * know what any of them shows.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { panelOfTile } from "../state/open_panels.js";
import type { Session } from "../state/session.js";
import type { NnvizExport } from "./export.js";
import { EXPORT_EVENT, slotOf } from "./export_events.js";
import type { NnvizHelp } from "./help.js";
import { pressKey } from "./keys.js";
import type { NnvizMainArea } from "./main_area.js";
import type { NnvizRail } from "./rail.js";
import type { NnvizTilePlace } from "./tile_place.js";
import { shared, tokens } from "./tokens.js";
import { Watcher } from "./watcher.js";

export class NnvizApp extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    tokens,
    shared,
    css`
      :host {
        position: fixed;
        inset: 0;
        display: grid;
        grid-template: auto minmax(0, 1fr) / clamp(232px, 19vw, max(288px, 8.8vw)) minmax(0, 1fr);
        background: var(--page);
      }
      h1 {
        position: absolute;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      nnviz-rail {
        grid-row: 1 / span 2;
      }
      nnviz-main-area,
      nnviz-tile-place {
        grid-area: 2 / 2;
      }
      /* Beside the rail there is no room for all of its controls. */
      @media (width < 900px) {
        nnviz-rail {
          grid-row: 2;
        }
        nnviz-timeline {
          grid-area: 1 / 1 / auto / span 2;
        }
      }
      /* They are no controls: the focus is there so that the next Tab goes into them. */
      nnviz-main-area:focus,
      nnviz-tile-place:focus {
        outline: none;
      }
      /* With its size and its place, for when the tile in the large is closed. */
      nnviz-main-area[inert] {
        visibility: hidden;
      }
    `,
  ];

  declare session: Session;

  #isTileOpen = false;
  /** What had the focus when a tile was opened. */
  #focused: HTMLElement | null = null;
  /** Where a key has led away from, into the filter that has the focus now. */
  #beforeFilter: HTMLElement | null = null;

  constructor() {
    super();
    new Watcher(
      this,
      () => [this.session.state],
      () => this.#onState(),
    );
    new Watcher(
      this,
      () => [this.session.restored],
      () => this.#onRestored(),
    );
    this.addEventListener(EXPORT_EVENT, (event) => this.#export(slotOf(event), true));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#onKey);
    this.#applyTheme();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#onKey);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const isOpen = session.state.value.opened !== null;
    return html`<h1>NN VIZ</h1>
      <nnviz-rail role="complementary" aria-label="Settings" .session=${session}></nnviz-rail>
      <nnviz-timeline
        role="region"
        aria-label="Timeline"
        .session=${session}
        @nnviz-help=${() => this.#part<NnvizHelp>("nnviz-help")?.show()}
      ></nnviz-timeline>
      <nnviz-main-area role="main" .session=${session} ?inert=${isOpen}></nnviz-main-area>
      ${
        isOpen
          ? html`<nnviz-tile-place
              role="main"
              aria-label="Tile in the large"
              tabindex="-1"
              .session=${session}
            ></nnviz-tile-place>`
          : nothing
      }
      <nnviz-tooltip .session=${session}></nnviz-tooltip>
      <nnviz-help .session=${session}></nnviz-help>
      <nnviz-export .session=${session} @nnviz-left=${() => this.#keepFocus()}></nnviz-export>`;
  }

  #onState(): void {
    this.#applyTheme();
    if ((this.session.state.value.opened !== null) !== this.#isTileOpen) this.requestUpdate();
  }

  protected override willUpdate(): void {
    const isOpen = this.session.state.value.opened !== null;
    if (isOpen && !this.#isTileOpen) this.#focused = focusedElement();
  }

  // The focus goes to the tile and, when that is closed, back to the cell that it was opened from.
  protected override updated(): void {
    const isOpen = this.session.state.value.opened !== null;
    if (isOpen === this.#isTileOpen) return;
    this.#isTileOpen = isOpen;
    const target = isOpen ? this.#part("nnviz-tile-place") : this.#focused;
    target?.focus({ preventScroll: true });
  }

  // What a dialog names is no longer what is behind it.
  #onRestored(): void {
    if (!this.#hasDialog) return;
    this.#part<NnvizHelp>("nnviz-help")?.close();
    this.#part<NnvizExport>("nnviz-export")?.leave();
    // What had the focus may be gone once the rest is drawn.
    setTimeout(() => this.#keepFocus());
  }

  #keepFocus(): void {
    const main = this.#part("nnviz-main-area");
    // What goes out of sight has it for a moment longer.
    if (focusedElement()?.checkVisibility() || main === null) return;
    // No longer than it has the focus: Tab passes by what is in it.
    main.tabIndex = -1;
    main.addEventListener("blur", () => main.removeAttribute("tabindex"), { once: true });
    (this.#part("nnviz-tile-place") ?? main).focus({ preventScroll: true });
  }

  get #hasDialog(): boolean {
    return ["nnviz-help", "nnviz-export"].some(
      (name) => this.#part<NnvizHelp | NnvizExport>(name)?.isOpen,
    );
  }

  #applyTheme(): void {
    this.dataset.theme = this.session.state.value.theme;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { altKey, ctrlKey, metaKey, key } = event;
    const help = this.#part<NnvizHelp>("nnviz-help");
    if (altKey || ctrlKey || metaKey || help === null || this.#hasDialog) return;
    const target = event.composedPath()[0];
    if (key === "Escape" && target instanceof HTMLInputElement && isTextField(target)) {
      this.#leaveField(target);
      return;
    }
    if (!isFree(target, key)) return;
    const screen = {
      session: this.session,
      focusFilter: (which: "runs" | "layers" | "tiles") => this.#goToFilter(which),
      goToPanel: (offset: 1 | -1) =>
        this.#part<NnvizMainArea>("nnviz-main-area")?.goToPanel(offset),
      goToRun: (offset: 1 | -1) =>
        (
          this.#part<NnvizTilePlace>("nnviz-tile-place") ??
          this.#part<NnvizMainArea>("nnviz-main-area")
        )?.goToRun(offset),
      moveTile: (offset: 1 | -1) =>
        this.#part<NnvizTilePlace>("nnviz-tile-place")?.shown?.move(offset),
      showHelp: () => help.show(),
      exportPanel: () => this.#export(null, false),
    };
    if (pressKey(screen, key)) event.preventDefault();
  };

  #goToFilter(which: "runs" | "layers" | "tiles"): void {
    const from = focusedElement();
    this.#part<NnvizRail>("nnviz-rail")?.focusFilter(which);
    const field = focusedElement();
    if (field === null || field === from) return;
    this.#beforeFilter = from;
    const onLeft = (): void => {
      this.#beforeFilter = null;
    };
    field.addEventListener("blur", onLeft, { once: true });
  }

  // A first Escape empties the field, a second one leaves it: for where its key was pressed, if that is still there.
  #leaveField(field: HTMLInputElement): void {
    if (field.type === "search" && field.value !== "") {
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    } else if (this.#beforeFilter?.isConnected) {
      this.#beforeFilter.focus({ preventScroll: true });
    } else {
      field.blur();
    }
  }

  #export(tag: string | null, isChosen: boolean): void {
    const top = this.#part<NnvizMainArea>("nnviz-main-area")?.topPanel() ?? null;
    const { state, derived } = this.session;
    const { opened } = state.value;
    const ofTile = opened && panelOfTile(derived, opened);
    this.#part<NnvizExport>("nnviz-export")?.show(tag ?? ofTile?.tag ?? top, isChosen);
  }

  #part<E extends HTMLElement>(name: string): E | null {
    return this.renderRoot.querySelector<E>(name);
  }
}

/** Through all shadow roots; null where it is the page. */
function focusedElement(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

/** Keys that a closed list does not need: it has ↑ and ↓, and letters for its entries. */
const FREE_ON_LISTS: ReadonlySet<string> = new Set(["ArrowLeft", "ArrowRight", "[", "]", "?", "/"]);

const OF_SLIDERS = /^(Arrow.+|Home|End)$/;

/** True unless the key belongs to the control that has the focus: text and lists, and space on anything it presses. */
function isFree(target: EventTarget | undefined, key: string): boolean {
  if (target instanceof HTMLSelectElement) return FREE_ON_LISTS.has(key);
  if (target instanceof HTMLInputElement) {
    if (isTextField(target)) return false;
    // A slider moves by itself, that of the timeline just as the keys of the screen do.
    return target.type === "range" ? !OF_SLIDERS.test(key) : key !== " ";
  }
  const isPressable = target instanceof HTMLElement && target.closest("button, summary") !== null;
  return !(isPressable && key === " ");
}

function isTextField({ type }: HTMLInputElement): boolean {
  return !["range", "checkbox", "color"].includes(type);
}
