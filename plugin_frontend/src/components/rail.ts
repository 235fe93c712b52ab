/** The left rail: runs, views, layers and display settings. Must not know how views are drawn. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { formatCount } from "../model/format.js";
import type { Session } from "../state/session.js";
import { controls } from "./controls.js";
import type { NnvizFindTiles } from "./find_tiles.js";
import { railHeadingStyles } from "./rail_heading.js";
import type { NnvizRunList } from "./run_list.js";
import { shared } from "./tokens.js";
import { tellTyping } from "./typing.js";
import { Watcher } from "./watcher.js";

export class NnvizRail extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    controls,
    railHeadingStyles,
    css`
      :host {
        display: block;
        padding: 2px 16px 24px;
        overflow-y: auto;
        scrollbar-width: thin;
        border-right: 1px solid var(--line);
        background: var(--rail);
      }
      .view {
        display: flex;
        justify-content: space-between;
        align-items: center;
        width: calc(100% + 16px);
        min-height: 30px;
        margin: 0 -8px;
        padding: 0 8px;
        border: 0;
        border-radius: 6px;
        background: none;
        text-align: start;
        color: var(--secondary);
      }
      .view:hover {
        color: var(--ink);
      }
      .view[aria-current="page"] {
        background: var(--chip);
        color: var(--ink);
        font-weight: 500;
      }
      .count {
        font-size: calc(12 * var(--dot));
        color: var(--faint);
      }
      .view[aria-current="page"] .count {
        color: var(--secondary);
      }
      .field {
        width: 100%;
      }
      .hits {
        display: flex;
        justify-content: space-between;
        align-items: center;
        min-height: 24px;
        margin-top: 4px;
        font-size: calc(12 * var(--dot));
        color: var(--secondary);
      }
      .hits.none {
        color: var(--red);
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
  }

  /** Puts the cursor into the filter of runs or of layers, or where tiles are found. */
  focusFilter(which: "runs" | "layers" | "tiles"): void {
    const runs = this.renderRoot.querySelector<NnvizRunList>("nnviz-run-list");
    const layers = this.renderRoot.querySelector<HTMLInputElement>("#layer-filter");
    if (which === "runs") runs?.focusFilter();
    else if (which === "layers") layers?.focus();
    else this.renderRoot.querySelector<NnvizFindTiles>("nnviz-find-tiles")?.focus();
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const { views, allRuns } = session.derived;
    return html`
      <nnviz-run-list .session=${session}></nnviz-run-list>
      ${views.size > 0 ? this.#views() : nothing} ${allRuns.length > 0 ? this.#layers() : nothing}
      ${
        session.state.value.index.status === "pending"
          ? nothing
          : html`<nnviz-display-settings .session=${session}></nnviz-display-settings>`
      }
    `;
  }

  #views(): TemplateResult {
    const { view: current, views } = this.session.derived;
    const buttons = [...views].map(
      ([view, count]) => html`<button
        class="view"
        data-testid="view"
        data-view=${view}
        aria-current=${view === current ? "page" : "false"}
        @click=${() => this.session.setView(view)}
      >
        <span>${capitalised(view)}</span><span class="count">${count}</span>
      </button>`,
    );
    return html`<div class="heading"><h2>Views</h2></div>
      <nav aria-label="Views">${buttons}</nav>`;
  }

  // It stays where no run is shown, so that what is below does not jump.
  #layers(): TemplateResult {
    const { panels, allPanels, groups } = this.session.derived;
    const { layerFilter } = this.session.state.value;
    const keys = groups.flatMap(({ path, key }) => (path === null ? [] : [key]));
    const hits =
      layerFilter.trim() === ""
        ? formatCount(allPanels.length, "panel")
        : `${panels.length.toLocaleString("en-US")} of ${formatCount(allPanels.length, "panel")}`;
    return html`<div class="heading">
        <h2>Layers</h2>
        ${
          keys.length < 2
            ? nothing
            : html`<button
                  class="link"
                  data-testid="fold-all"
                  title="Fold all layers"
                  @click=${() => this.session.folding.setCollapsed(keys, true)}
                >
                  fold all</button
                ><button
                  class="link"
                  data-testid="unfold-all"
                  title="Unfold all layers"
                  @click=${() => this.session.folding.setCollapsed(keys, false)}
                >
                  unfold all
                </button>`
        }
      </div>
      <input
        id="layer-filter"
        class="field"
        type="search"
        data-testid="layer-filter"
        placeholder="Filter layers  ( / )"
        aria-label="Filter layers by path, type or tag; text or regular expression"
        title="Text or regular expression, looked for in paths and types of layers; after = the path of one layer alone"
        spellcheck="false"
        ?disabled=${allPanels.length === 0}
        .value=${layerFilter}
        @focus=${tellTyping(this.session)}
        @change=${tellTyping(this.session)}
        @blur=${tellTyping(this.session)}
        @input=${(event: Event) =>
          this.session.setLayerFilter((event.target as HTMLInputElement).value)}
      />
      <div
        class="hits ${panels.length === 0 && allPanels.length > 0 ? "none" : ""}"
        data-testid="layer-hits"
        role="status"
      >
        ${hits}
      </div>
      ${
        allPanels.some(({ kind }) => kind === "tiles")
          ? html`<nnviz-find-tiles .session=${this.session}></nnviz-find-tiles>`
          : nothing
      }`;
  }
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll("_", " ");
}
