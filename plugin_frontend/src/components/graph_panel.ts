/**
 * The graphs of the shown runs: a card for each model, which names all runs that train it. Renders only while it is in
 * sight. Must not lay out or fetch.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { formatCount } from "../model/format.js";
import { graphTotals } from "../model/graph_words.js";
import type { PanelEntry } from "../model/runs.js";
import { type GraphCard, graphRef, graphView } from "../state/graph_view.js";
import type { Session } from "../state/session.js";
import { panelStyles } from "./panel_styles.js";
import { PanelWatcher } from "./panel_watcher.js";
import { runNames } from "./run_caption.js";
import { shared } from "./tokens.js";

export class NnvizGraphPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    panel: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [shared, panelStyles];

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

  protected override render(): TemplateResult {
    const { session, panel } = this;
    const view = graphView(panel, session.derived, (ref) => session.graphs.state(ref));
    return html`${view.cards.map((card) => this.#card(card))}`;
  }

  #card({ graph, runs }: GraphCard): TemplateResult {
    const { runColours } = this.session.state.value;
    const { parameters, layers } = graphTotals(graph);
    return html`<section data-testid="graph">
      <header>
        <div class="words">
          ${runNames(runs, runColours, 3, "more-runs")}
          <span class="facts">${formatCount(layers, "layer")} · ${formatCount(parameters, "parameter")}</span>
        </div>
      </header>
    </section>`;
  }
}
