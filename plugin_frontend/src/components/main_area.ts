/**
 * The scrolling middle: reports, then a panel for each tag, or the state that stands in their place. Knows which
 * panels are in sight and how wide they are; must not know what a panel shows.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { PanelEntry } from "../model/runs.js";
import type { Session } from "../state/session.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Panels this far outside are made ready before they are scrolled to, in CSS pixels. */
const NEARLY_IN_SIGHT = 500;

/** Left and right: page margin, panel border and panel padding. */
const PANEL_INSET = 2 * (20 + 1 + 16);

export class NnvizMainArea extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    width: { state: true },
  };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 14px;
        padding: 16px 20px 40px;
        overflow-y: scroll;
        background: var(--page);
      }
    `,
  ];

  declare session: Session;
  /** Inner width of a panel; 0 until it has been measured. */
  declare width: number;

  #intersections: IntersectionObserver | null = null;
  #resizes: ResizeObserver | null = null;
  #observed: ReadonlySet<HTMLElement> = new Set();
  readonly #inSight = new Set<string>();

  constructor() {
    super();
    this.width = 0;
    new Watcher(this, () => [this.session.state]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes = new ResizeObserver(() => this.#measure());
    this.#resizes.observe(this);
    this.#intersections = new IntersectionObserver((entries) => this.#onIntersection(entries), {
      root: this,
      rootMargin: `${NEARLY_IN_SIGHT}px 0px`,
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes?.disconnect();
    this.#intersections?.disconnect();
    this.#observed = new Set();
  }

  protected override render(): TemplateResult {
    const { index, reloadError } = this.session.state.value;
    switch (index.status) {
      case "pending":
        return html`<nnviz-message heading="Loading…">Reading what is logged.</nnviz-message>`;
      case "error":
        return html`<nnviz-message error data-testid="error" heading="The log cannot be read">
          <p>${index.message}</p>
          ${this.#retry()}
        </nnviz-message>`;
      case "ready":
        return html`${
          reloadError === null
            ? nothing
            : html`<div data-testid="error" role="alert">
                <span class="chip red">Not up to date: ${reloadError}</span> ${this.#retry()}
              </div>`
        }
        ${this.#content()}`;
    }
  }

  #content(): TemplateResult {
    const { allRuns, runs, panels, filter } = this.session.derived;
    if (allRuns.length === 0) return html`<nnviz-no-data></nnviz-no-data>`;
    if (filter.valid && !allRuns.some(({ name }) => filter.matches(name))) {
      return html`<nnviz-message heading="No run matches the filter">
        Nothing is called like “${this.session.state.value.runFilter}”. The filter is a regular expression over run
        names; empty it to see all runs.
      </nnviz-message>`;
    }
    if (runs.length === 0) {
      return html`<nnviz-message heading="No run is selected">
        Tick a run on the left. Several runs stand side by side.
      </nnviz-message>`;
    }
    return html`<nnviz-reports .session=${this.session}></nnviz-reports> ${
      panels.length === 0 ? this.#nothingHere() : this.#panels(panels)
    }`;
  }

  #nothingHere(): TemplateResult {
    return html`<nnviz-message heading="The selected runs have no such data">
      Tick another run on the left, or choose another view.
    </nnviz-message>`;
  }

  #panels(panels: readonly PanelEntry[]): TemplateResult {
    return html`${repeat(
      panels,
      ({ tag }) => tag,
      (panel) => html`<nnviz-panel
        data-testid="panel"
        data-tag=${panel.tag}
        .session=${this.session}
        .panel=${panel}
        .width=${this.width}
      ></nnviz-panel>`,
    )}`;
  }

  #retry(): TemplateResult {
    return html`<button class="button" @click=${() => this.session.reload()}>Retry</button>`;
  }

  protected override updated(): void {
    const panels = new Set<HTMLElement>(this.renderRoot.querySelectorAll("nnviz-panel"));
    for (const panel of panels) if (!this.#observed.has(panel)) this.#intersections?.observe(panel);
    for (const panel of this.#observed) {
      if (panels.has(panel)) continue;
      this.#intersections?.unobserve(panel);
      this.#inSight.delete(panel.dataset.tag ?? "");
    }
    this.#observed = panels;
  }

  #onIntersection(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const tag = (target as HTMLElement).dataset.tag ?? "";
      if (isIntersecting) this.#inSight.add(tag);
      else this.#inSight.delete(tag);
    }
    this.session.setInSight(new Set(this.#inSight));
  }

  // A hidden tab measures 0; the panels keep the width they had.
  #measure(): void {
    if (this.clientWidth > 0) this.width = Math.max(120, this.clientWidth - PANEL_INSET);
  }
}
