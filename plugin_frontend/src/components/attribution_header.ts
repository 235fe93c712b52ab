/**
 * What a card of attributions says of itself above its rows: name, notes, scale, the titles of its columns. Templates of
 * one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { alphaFraction, alphaText } from "../model/alphas.js";
import { besideEachOther, type CardColumn, type CardLayout } from "../model/attribution_layout.js";
import { panelFacts } from "../model/facts.js";
import { describeTile } from "../model/format.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import { SAMPLE } from "../model/placement.js";
import { gridAxes } from "../model/tiles.js";
import type { AttributionView } from "../state/attribution_view.js";
import type { Session } from "../state/session.js";
import { pictureTile } from "./attribution_cells.js";
import { changeText } from "./comparison_words.js";
import { exportButton } from "./export_events.js";
import { nonFiniteChip, remarkChips } from "./panel_column.js";
import { foldButton } from "./panel_header.js";

export interface CardContext {
  readonly session: Session;
  readonly tag: string;
  readonly view: AttributionView;
  /** True where other runs were shown other samples, which have a card of their own. */
  readonly hasOwnSamples: boolean;
}

export function cardTitle({ input }: AttributionView): string {
  return input === "" ? "integrated_gradients" : `integrated_gradients / ${input}`;
}

export function cardHeader(context: CardContext, isOpen: boolean): TemplateResult {
  const { session, tag, view } = context;
  const title = cardTitle(view);
  return html`<header class=${isOpen ? "open" : ""}>
    ${foldButton(title, isOpen, () => session.folding.toggleCollapsed(tag))}
    <div class="words">
      <h2 class="mono ellipsis" title=${title}>${title}</h2>
      ${facts(view)} ${chips(context)}
    </div>
    ${
      view.first === null
        ? nothing
        : html`<nnviz-legend
            .colouring=${view.colouring}
            .range=${view.shared}
            .scale=${session.state.value.display.scale}
            .show=${session.state.value.display.show}
            .scaleProgress=${view.scaleProgress}
            .counts=${view.counts}
            .theme=${session.state.value.theme}
          ></nnviz-legend>`
    }
    ${exportButton(title)}
  </header>`;
}

function facts({ first }: AttributionView): TemplateResult | typeof nothing {
  if (first === null) return nothing;
  const text = panelFacts(null, first.header).join(" · ");
  return html`<span class="facts ellipsis" title=${text}>${text}</span>`;
}

function chips({ session, view, hasOwnSamples }: CardContext): unknown {
  const { show } = session.state.value.display;
  const known = view.first === null ? [] : panelFacts(null, view.first.header);
  const { omitted, notes } = view.remarks;
  const over = view.summed.join(" and ");
  const title = `One number a place: attributions are added up over ${over}; hover gives the parts`;
  return html`${
    hasOwnSamples
      ? html`<span
          class="chip amber"
          data-testid="other-samples"
          title="Other runs were shown other samples: these cannot be compared with theirs one by one"
          >samples of their own</span
        >`
      : nothing
  }
  ${over === "" ? nothing : html`<span class="chip" data-testid="summed" title=${title}>summed over ${over}</span>`}
  ${remarkChips({ omitted: omitted.filter((text) => !known.includes(text)), notes })}
  ${nonFiniteChip(view.counts, "")}
  ${
    show === "value" || view.first === null
      ? nothing
      : html`<span class="chip" data-testid="change">${changeText(session, null)}</span>`
  }`;
}

const MEANINGS: Readonly<Record<CardColumn, string>> = {
  input: "The sample as this input of the model sees it",
  map: "Integrated gradients: what each place of the input adds to F(x) − F(x′)",
  overlay: "The attribution over the input",
  interior:
    "Interior gradients: (x − x′) times the gradient at a place α of the path; their mean over the path is the attribution",
  spread:
    "Standard deviation of the map over the baselines; summed over colours and channels it may be too large",
  baselines: "x′: what the input is compared with",
  curve: "F along the straight path from the baseline, α 0, to the input, α 1",
  proof: "What is explained, and how exact the map is",
};

export function columnTitles({ session, view }: CardContext, layout: CardLayout): TemplateResult {
  const { alphas: mode, overlay } = session.state.value.attributionDisplay;
  const titles: Readonly<Record<CardColumn, unknown>> = {
    input: html`Input ${below(channelText(view))}`,
    map: "Attribution",
    overlay: overlay === "mask" ? "Mask" : "Overlay",
    interior: html`${mode === "all" ? "Interior gradients" : "Interior"} ${alphaTitles(view, layout)}`,
    spread: "Spread",
    baselines: html`Baseline ${baselineTitles(view, layout)}`,
    curve: html`F(<span class="as-is">α</span>)`,
    proof: "Proof",
  };
  return html`<div class="titles" style=${styleMap(gridStyle(layout))}>
    ${besideEachOther(layout).map(
      (name) => html`<span data-column=${name} title=${MEANINGS[name]}>${titles[name]}</span>`,
    )}
  </div>`;
}

function below(text: string): TemplateResult | typeof nothing {
  return text === "" ? nothing : html`<span class="below">${text}</span>`;
}

// Of an input with several channels one is shown.
function channelText({ pictures }: AttributionView): string {
  if (pictures.status !== "ready") return "";
  const { header } = pictures.tiles;
  const others = gridAxes(header).filter(({ name, size }) => name !== SAMPLE && size > 1);
  const tile = pictureTile(pictures.tiles, 0);
  return others.length === 0 ? "" : describeTile(gridAxes(header).slice(1), tile);
}

function alphaTitles(view: AttributionView, layout: CardLayout): unknown {
  const { alphas, alphaIndex } = view;
  const alpha = alphas[alphaIndex];
  const { interior } = layout;
  if (alpha === undefined || interior === null) return nothing;
  if (interior.tiles === 1) return below(`α = ${alphaText(alpha)}`);
  return overTiles(interior, alphas.map(alphaFraction), "α", alphaIndex);
}

function baselineTitles({ runs }: AttributionView, { baselines }: CardLayout): unknown {
  if (baselines === null) return nothing;
  const [labels = []] = runs.flatMap(({ baselines: part }) =>
    part?.status === "ready"
      ? [part.tiles.header.axes.find(({ name }) => name === "baseline")?.labels ?? []]
      : [],
  );
  return overTiles(baselines, labels, "", -1);
}

// Above each map of a strip stands what it is; strips that stand below one another have all of it in a line.
function overTiles(
  layout: GridLayout,
  texts: readonly string[],
  symbol: string,
  chosen: number,
): TemplateResult {
  if (layout.columns < 2) return html`<span class="below">${symbol} ↓ ${texts.join(" · ")}</span>`;
  return html`<span class="below over">
    ${texts.map((text, index) => {
      const { left } = placeTile(layout, index);
      const style = {
        left: `${left * layout.zoom}px`,
        width: `${layout.tileWidth * layout.zoom}px`,
      };
      return html`<span class=${index === chosen ? "chosen" : ""} style=${styleMap(style)}>${text}</span>`;
    })}
  </span>`;
}

/** The columns of the titles and of every row. */
export function gridStyle(layout: CardLayout): Readonly<Record<string, string>> {
  const widths = besideEachOther(layout).map((name) => `${layout.columns[name]}px`);
  return { "grid-template-columns": widths.join(" ") };
}
