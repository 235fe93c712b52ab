/**
 * The graphs of the shown runs: a card for each model, which names all runs that train it. Renders only while it is in
 * sight. Must not lay out or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import type { PanelEntry } from "../model/runs.js";
import { type GraphView, graphRef, graphView } from "../state/graph_view.js";
import type { Session } from "../state/session.js";
import { graphStyles } from "./graph_styles.js";
import { panelStyles } from "./panel_styles.js";
import { PanelWatcher } from "./panel_watcher.js";
import { runNames } from "./run_caption.js";
import { shared } from "./tokens.js";

/** Beside one card the rest of the screen; several have a part of it. */
const ALONE = "max(360px, calc(100vh - 160px))";
const AMONG = "max(240px, calc(50vh - 110px))";

const NAMED = 6;

export class NnvizGraphPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    panel: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [shared, panelStyles, graphStyles];

  declare session: Session;
  declare panel: PanelEntry;
  /** Inner width in CSS pixels. */
  declare width: number;

  constructor() {
    super();
    new PanelWatcher(this, {
      session: () => this.session,
      tag: () => this.panel.tag,
      records: ({ graphs }) => graphs.changes,
      reads: () => {
        const { derived, graphs } = this.session;
        return this.panel.members.map((member) => {
          const ref = graphRef(member, derived);
          return ref && graphs.state(ref);
        });
      },
    });
  }

  /** Where keys lead inside the panel: its cards, where it has several. */
  get stops(): readonly HTMLElement[] | null {
    const cards = [...this.renderRoot.querySelectorAll("nnviz-graph-card")];
    // Not the cards themselves: Tab passes by all that is within such an element.
    const stops = cards.flatMap(({ shadowRoot }) => shadowRoot?.querySelector("section") ?? []);
    return stops.length > 1 ? stops : null;
  }

  protected override render(): TemplateResult {
    const { session, panel } = this;
    const { graphDisplay, unfolded, runColours } = session.state.value;
    const { layerFilter } = session.derived;
    const view = graphView(panel, session.derived, (ref) => session.graphs.state(ref));
    const { cards, pending } = view;
    const height = cards.length + (pending.length > 0 ? 1 : 0) > 1 ? AMONG : ALONE;
    return html`<div style=${styleMap({ "--graph-height": height })}>
      ${this.#failures(view)}
      ${repeat(
        cards,
        ({ runs }) => runs[0]?.run,
        (card) => html`<nnviz-graph-card
          .session=${session}
          .card=${card}
          .display=${graphDisplay}
          .unfolded=${unfolded}
          .filter=${layerFilter}
          .runColours=${runColours}
        ></nnviz-graph-card>`,
      )}
      ${
        pending.length === 0
          ? nothing
          : html`<section aria-busy="true"><div class="reserved"><div class="skeleton"></div></div></section>`
      }
      ${this.#absent(view)}
    </div>`;
  }

  #failures({ failed }: GraphView): unknown {
    return failed.map(
      ({ run, message }) => html`<section class="failure">
        <div class="failed" role="alert" data-testid="error">
          <p><span class="mono">${run.name}</span>: ${message}</p>
          <button class="button" @click=${() => this.session.retryFailed()}>Retry</button>
        </div>
      </section>`,
    );
  }

  #absent({ absent }: GraphView): unknown {
    if (absent.length === 0) return nothing;
    const { runColours } = this.session.state.value;
    return html`<p class="absent-graphs" data-testid="absent-graphs">
      <span>No graph is logged in</span> ${runNames(absent, runColours, NAMED, "more-absent")}
    </p>`;
  }
}
