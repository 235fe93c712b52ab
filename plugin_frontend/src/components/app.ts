/**
 * The frame of the screen: rail, timeline, panels, tooltip; the theme that all inherit, and the keys. Must not
 * know what any of them shows.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import type { Session } from "../state/session.js";
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
        grid-template: auto minmax(0, 1fr) / clamp(200px, 19vw, 268px) minmax(0, 1fr);
        background: var(--page);
      }
      nnviz-rail {
        grid-row: 1 / span 2;
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(
      this,
      () => [this.session.state],
      () => this.#applyTheme(),
    );
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
    return html`<nnviz-rail .session=${session}></nnviz-rail>
      <nnviz-timeline .session=${session}></nnviz-timeline>
      <nnviz-main-area .session=${session}></nnviz-main-area>
      <nnviz-tooltip .session=${session}></nnviz-tooltip>`;
  }

  #applyTheme(): void {
    this.dataset.theme = this.session.state.value.theme;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || !isFree(event)) return;
    const { steps, stepIndex } = this.session.derived;
    switch (event.key) {
      case "ArrowLeft":
        this.session.goTo(stepIndex - 1);
        break;
      case "ArrowRight":
        this.session.goTo(stepIndex + 1);
        break;
      case "Home":
        this.session.goTo(0);
        break;
      case "End":
        this.session.goTo(steps.length - 1);
        break;
      case " ":
        this.session.togglePlaying();
        break;
      case "Escape":
        this.session.pinned.set(null);
        return;
      default:
        return;
    }
    event.preventDefault();
  };
}

/** True unless the key belongs to the control that has the focus: text fields, and space on anything it presses. */
function isFree(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (target instanceof HTMLSelectElement) return false;
  if (target instanceof HTMLInputElement) {
    const { type } = target;
    return type === "range" || (type === "checkbox" && event.key !== " ");
  }
  const pressable = target instanceof HTMLElement && target.closest("button, summary") !== null;
  return !(pressable && event.key === " ");
}
