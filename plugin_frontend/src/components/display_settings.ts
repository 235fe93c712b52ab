/** The rail's display settings: of grids, or of histograms where the view shows them. Must not know what they do. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import {
  COLOUR_NAMES,
  HEIGHT_CHOICES,
  LAYERS_PER_PLOT,
  PLOT_CHOICES,
  SCALE_CHOICES,
  SHOW_CHOICES,
  TILE_SIZE_CHOICES,
} from "../model/choices.js";
import { MAX_COLUMNS, readColumns, type Show } from "../model/display.js";
import { GRAPH_DIRECTION_CHOICES, GRAPH_FORM_CHOICES } from "../model/graph_display.js";
import { isPinned } from "../model/reference.js";
import { shownWords } from "../state/change_words.js";
import {
  showsAttributions,
  showsConfusions,
  showsGraphs,
  showsHistograms,
} from "../state/derived.js";
import type { Session } from "../state/session.js";
import { Announcer } from "./announcer.js";
import { choiceStyles, segmentsRow, selectRow, tickBox } from "./choices.js";
import { controls } from "./controls.js";
import { railHeadingStyles } from "./rail_heading.js";
import { referenceRow, referenceStyles } from "./reference_row.js";
import { accept, refuse } from "./refusal.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

export class NnvizDisplaySettings extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    controls,
    railHeadingStyles,
    choiceStyles,
    referenceStyles,
    css`
      :host {
        display: block;
      }
      .ticks {
        display: flex;
        grid-column: 1 / -1;
        gap: 20px;
      }
      .tick {
        display: flex;
        align-items: center;
        gap: 7px;
        cursor: pointer;
      }
      .tick:hover {
        color: var(--ink);
      }
      input[type="checkbox"] {
        width: 15px;
        height: 15px;
        margin: 0;
        accent-color: var(--accent-ink);
      }
    `,
  ];

  declare session: Session;

  readonly #announcer: Announcer;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
    this.#announcer = new Announcer(this);
  }

  // Keys change what is shown while the focus is elsewhere.
  protected override updated(): void {
    const { state, derived } = this.session;
    this.#announcer.tell(derived.runs.length === 0 ? "" : shownWords(state.value, derived));
  }

  protected override render(): TemplateResult {
    return html`<div class="heading"><h2>Display</h2></div>
      ${this.#settings()}
      <div class="hidden" role="status" data-testid="shown-words">${this.#announcer.text}</div>`;
  }

  #settings(): TemplateResult {
    const { derived } = this.session;
    if (showsHistograms(derived)) return this.#histograms();
    if (showsConfusions(derived)) return this.#show();
    return showsGraphs(derived) ? this.#graphs() : this.#grids();
  }

  /** `mayPin`: what is pinned matters to values too. */
  #show(mayPin = false): TemplateResult {
    const { session } = this;
    const { display, reference } = session.state.value;
    const choose = (show: Show): void => session.looks.setDisplay({ show });
    return html`${selectRow("show", "Show", SHOW_CHOICES, display.show, choose, "long")}
    ${mayPin || display.show === "difference" || isPinned(reference) ? referenceRow(session) : nothing}`;
  }

  #graphs(): TemplateResult {
    const { session } = this;
    const { form, direction } = session.state.value.graphDisplay;
    return html`
      ${segmentsRow("graph-form", "Shown as", GRAPH_FORM_CHOICES, form, (value) => session.looks.setGraphDisplay({ form: value }))}
      ${segmentsRow("graph-direction", "Flows", GRAPH_DIRECTION_CHOICES, direction, (value) =>
        // Another drawing: what was looked at is elsewhere in it.
        session.looks.setGraphDisplay({ direction: value, viewports: new Map() }),
      )}
    `;
  }

  #grids(): TemplateResult {
    const { session } = this;
    const isOfSamples = showsAttributions(session.derived);
    const { scale, colours, tileSize, outlines, smooth } = session.state.value.display;
    return html`
      ${this.#show()}
      ${segmentsRow(
        "scale",
        "Scale",
        SCALE_CHOICES,
        scale,
        (value) => session.looks.setDisplay({ scale: value }),
        "two-rows",
      )}
      ${selectRow("colours", "Colours", COLOUR_NAMES, colours, (value) =>
        session.looks.setDisplay({ colours: value }),
      )}
      <nnviz-tile-order .session=${session}></nnviz-tile-order>
      ${isOfSamples ? nothing : this.#columns()}
      ${segmentsRow("tile-size", "Tile size", TILE_SIZE_CHOICES, tileSize, (value) =>
        session.looks.setDisplay({ tileSize: value }),
      )}
      <div class="row">
        <span class="ticks">
          ${tickBox("outlines", "outlines", "A line round every tile", outlines, (value) =>
            session.looks.setDisplay({ outlines: value }),
          )}
          ${tickBox("smooth", "smooth", "Blend cells into one another", smooth, (value) =>
            session.looks.setDisplay({ smooth: value }),
          )}
        </span>
      </div>
    `;
  }

  #columns(): TemplateResult {
    const { columns } = this.session.state.value.display;
    return html`<label class="row">
      <span>Columns</span>
      <input
        class="field"
        inputmode="numeric"
        autocomplete="off"
        data-testid="columns"
        placeholder="auto"
        title=${`Tiles side by side, 1 to ${MAX_COLUMNS} and as far as a cell keeps one pixel; empty for as many as fit`}
        .value=${columnsText(columns)}
        @change=${this.#onColumns}
      />
    </label>`;
  }

  #histograms(): TemplateResult {
    const { session } = this;
    const { plot, height, layersPerPlot } = session.state.value.histogramDisplay;
    return html`
      ${this.#show(true)}
      ${segmentsRow("histogram-plot", "Plot", PLOT_CHOICES, plot, (value) =>
        session.looks.setHistogramDisplay({ plot: value }),
      )}
      ${segmentsRow("histogram-height", "Height", HEIGHT_CHOICES, height, (value) =>
        session.looks.setHistogramDisplay({ height: value }),
      )}
      ${segmentsRow("layers-per-plot", "Layers", LAYERS_PER_PLOT, layersPerPlot, (value) =>
        session.looks.setHistogramDisplay({ layersPerPlot: value }),
      )}
    `;
  }

  readonly #onColumns = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const before = this.session.state.value.display.columns;
    const columns = readColumns(field.value);
    if (columns === undefined) {
      refuse(field, columnsText(before));
      return;
    }
    accept(field);
    this.session.looks.setDisplay({ columns });
    field.value = columnsText(columns);
  };
}

function columnsText(columns: number | null): string {
  return columns === null ? "" : String(columns);
}
