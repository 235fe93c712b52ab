/**
 * What a card of attributions says of itself above its rows: name, notes, scale; its runs; the controls of α and overlay;
 * the titles of its columns. Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { alphaFraction, alphaText } from "../model/alphas.js";
import { CARD_COLUMNS, type CardColumn, type CardLayout } from "../model/attribution_layout.js";
import { ALPHA_MODE_CHOICES, type Named, OVERLAY_CHOICES } from "../model/choices.js";
import { panelFacts } from "../model/facts.js";
import { describeTile } from "../model/format.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import { SAMPLE } from "../model/placement.js";
import { gridAxes } from "../model/tiles.js";
import type { AttributionView } from "../state/attribution_view.js";
import type { Session } from "../state/session.js";
import { pictureTile } from "./attribution_row.js";
import { nonFiniteChip, remarkChips } from "./panel_column.js";
import { foldButton } from "./panel_header.js";
import { momentMark, runName, runNames } from "./run_caption.js";

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
    ${foldButton(title, isOpen, () => session.toggleCollapsed(tag))}
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
            .scaleProgress=${view.scaleProgress}
            .counts=${view.counts}
            .theme=${session.state.value.theme}
          ></nnviz-legend>`
    }
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
  const since = show === "change-since-start" ? "start" : "the previous step";
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
      : html`<span class="chip" data-testid="change">change since ${since}</span>`
  }`;
}

/** Runs at the left, controls at the right. */
export function cardTools({ session, view }: CardContext, hasPictures: boolean): TemplateResult {
  const { alphas, overlay } = session.state.value.attributionDisplay;
  return html`<div class="tools">
    <div class="runs">${view.runs.map((run) => runMark(session, view, run))} ${absentRuns(session, view)}</div>
    ${view.alphas.length > 0 ? alphaSlider(session, view) : nothing}
    ${
      view.alphas.length > 1
        ? segments("alphas", "Interior gradients", ALPHA_MODE_CHOICES, alphas, (value) =>
            session.setAttributionDisplay({ alphas: value }),
          )
        : nothing
    }
    ${
      hasPictures
        ? html`<div class="tool">
            <span aria-hidden="true">overlay</span>${segments(
              "overlay",
              "Overlay",
              OVERLAY_CHOICES,
              overlay,
              (value) => session.setAttributionDisplay({ overlay: value }),
            )}
          </div>`
        : nothing
    }
  </div>`;
}

function runMark(
  session: Session,
  view: AttributionView,
  { run, match, hasOtherSamples, maps }: AttributionView["runs"][number],
): TemplateResult {
  const { timelines, runColours, display } = session.state.value;
  const isFirst = display.show !== "value" && match.match !== "none" && match.index === 0;
  const own =
    maps.status === "ready"
      ? maps.record.header.notes.filter((note) => !view.remarks.notes.includes(note))
      : [];
  return html`<span class="run" data-testid="attribution-run" data-run=${run.name}>
    ${runName(run.name, runColours.get(run.run) ?? "")}
    ${momentMark(match, (step) => timelines.get(run.run)?.get(step), session.derived.axis)}
    ${
      isFirst
        ? html`<span class="chip" title="The first step: there is nothing to compare it with">first step</span>`
        : nothing
    }
    ${hasOtherSamples ? html`<span class="chip amber" title="At this step the run was shown other samples">other samples</span>` : nothing}
    ${remarkChips({ omitted: [], notes: own })}
  </span>`;
}

/** Of so many runs without maps the names are written out. */
const NAMED = 3;

function absentRuns(session: Session, { absent }: AttributionView): unknown {
  if (absent.length === 0) return nothing;
  const { runColours } = session.state.value;
  return html`<span class="run" data-testid="absent-runs"
    ><span class="moment">not logged in</span> ${runNames(absent, runColours, NAMED, "more-absent")}</span
  >`;
}

/** Keys that a slider has itself; the timeline has them everywhere else. */
const OF_SLIDER: ReadonlySet<string> = new Set([
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
]);

function alphaSlider(session: Session, { alphas, alphaIndex }: AttributionView): TemplateResult {
  const alpha = alphas[alphaIndex] ?? 0;
  const last = Math.max(1, alphas.length - 1);
  return html`<label class="tool alpha" title="Where on the path from the baseline, α 0, to the input, α 1">
    <span aria-hidden="true">α</span>
    <span>
      <input
        type="range"
        data-testid="alpha"
        aria-label="α of the interior gradients"
        min="0"
        max=${alphas.length - 1}
        step="1"
        .value=${String(alphaIndex)}
        aria-valuetext=${`α ${alphaText(alpha)}`}
        @keydown=${(event: KeyboardEvent) => {
          if (OF_SLIDER.has(event.key)) event.stopPropagation();
        }}
        @input=${(event: Event) => {
          const chosen = alphas[Number((event.target as HTMLInputElement).value)];
          if (chosen !== undefined) session.setAttributionDisplay({ alpha: chosen });
        }}
      />
      <span class="ticks" aria-hidden="true"
        >${alphas.map(
          (each, index) =>
            html`<span style=${styleMap({ left: `${(100 * index) / last}%` })}>${alphaFraction(each)}</span>`,
        )}</span
      >
    </span>
    <output data-testid="alpha-value">${alphaText(alpha)}</output>
  </label>`;
}

function segments<T extends string>(
  id: string,
  name: string,
  choices: readonly Named<T>[],
  chosen: T,
  choose: (value: T) => void,
): TemplateResult {
  return html`<div class="tool">
    <div class="segments" role="group" aria-label=${name} data-testid=${id}>
      ${choices.map(
        ({ value, label, title }) => html`<button
          aria-pressed=${value === chosen}
          data-value=${value}
          title=${title ?? label}
          @click=${() => choose(value)}
        >
          ${label}
        </button>`,
      )}
    </div>
  </div>`;
}

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
    ${CARD_COLUMNS.filter((name) => layout.columns[name] > 0).map(
      (name) => html`<span data-column=${name}>${titles[name]}</span>`,
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
export function gridStyle({ columns }: CardLayout): Readonly<Record<string, string>> {
  const widths = CARD_COLUMNS.filter((name) => columns[name] > 0).map(
    (name) => `${columns[name]}px`,
  );
  return { "grid-template-columns": widths.join(" ") };
}
