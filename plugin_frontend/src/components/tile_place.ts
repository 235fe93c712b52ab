/**
 * Where a tile is shown in the large, over the panels: says that the module which shows it is on its way, or why it
 * cannot be had. Must not know what is shown of a tile.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import type { Session } from "../state/session.js";
import { tileLoader } from "./deferred_modules.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

export class NnvizTilePlace extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
        overflow-y: scroll;
        background: var(--page);
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [tileLoader().state]);
  }

  /** What the module has made; null before that. */
  get shown(): TileElement | null {
    return this.renderRoot.querySelector<TileElement>(TILE_ELEMENT);
  }

  goToRun(offset: 1 | -1): void {
    this.shown?.goToRun(offset);
  }

  protected override render(): TemplateResult {
    const loader = tileLoader();
    const { value: loaded } = loader.state;
    switch (loaded.status) {
      case "ready":
        return loaded.value.tileTemplate(this.session);
      case "pending":
        return html`<nnviz-message heading="Loading…" aria-busy="true">The tile in the large.</nnviz-message>`;
      case "error":
        return html`<nnviz-message error role="alert" data-testid="error" heading="The tile could not be shown">
          <p>The part of the screen that shows it did not come: ${loaded.message}</p>
          <button class="button" @click=${() => void loader.load()}>Retry</button>
          <button class="button" @click=${() => this.session.openTile(null)}>Back</button>
        </nnviz-message>`;
    }
  }
}

const TILE_ELEMENT = "nnviz-tile";

/** What the screen needs of the element that the module brings. */
export interface TileElement extends HTMLElement {
  /** Goes to the tile before or after, in the order in which the grids show them. */
  readonly move: (offset: 1 | -1) => void;
  /** Brings the column of the run before or after into sight, and gives it the focus. */
  readonly goToRun: (offset: 1 | -1) => void;
}
