/**
 * The values of a tile in bins: of every run in its colour, over what they were at the start. Reports nothing; says what
 * the bin that is looked at holds.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Frame } from "../model/binning.js";
import { decodeValues } from "../model/dequantise.js";
import type { Show } from "../model/display.js";
import { formatWhole } from "../model/format.js";
import { drawnCounts, plotFrame } from "../model/histogram_frames.js";
import {
  type HeightScale,
  type Heights,
  heightScale,
  heightShare,
  heightsOf,
} from "../model/histogram_heights.js";
import { AXIS_HEIGHT, plotHeight } from "../model/histogram_size.js";
import { binText } from "../model/histogram_words.js";
import type { Tiles } from "../model/tiles.js";
import { binValuesOf, type ValueBins } from "../model/value_bins.js";
import { type CurveBox, curvePath } from "../render/curve_paths.js";
import type { TileColumn, TileView } from "../state/tile_view.js";
import { BinProbe } from "./bin_probe.js";
import { runDashes } from "./histogram_dashes.js";
import { crosshair, heightGrid, heightLabels, markStyles, valueAxis } from "./histogram_marks.js";
import { plotHeading, plotHeadingStyles } from "./tile_plot_heading.js";
import { shared } from "./tokens.js";

const HEADROOM = 12;
/** Runs whose counts are written out. */
const NAMED = 4;
/** Of more runs than this only lines are drawn, and not those of the start. */
const FEW_RUNS = 6;

interface Drawn {
  readonly run: string;
  readonly name: string;
  readonly role: "now" | "start";
  readonly counts: Float64Array;
  readonly heights: Heights;
}

interface Drawing {
  /** Null where there is nothing finite to draw. */
  readonly frame: Frame | null;
  readonly drawn: readonly Drawn[];
}

/** Bins by tile: the same one is drawn at every move of the pointer. */
const remembered = new WeakMap<Tiles, ValueBins>();

function binsOf(tiles: Tiles): ValueBins {
  const bins = remembered.get(tiles) ?? binValuesOf(decodeValues(tiles));
  remembered.set(tiles, bins);
  return bins;
}

export class NnvizTileHistogram extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    colours: { attribute: false },
    width: { type: Number },
    bin: { state: true },
  };

  static override readonly styles = [
    shared,
    markStyles,
    plotHeadingStyles,
    css`
      .plot {
        position: relative;
      }
      .now {
        fill: var(--run);
        fill-opacity: 0.2;
        stroke: var(--run);
        stroke-width: 1.6;
      }
      .many {
        fill: none;
      }
      .start {
        fill: none;
        stroke: var(--run);
        stroke-width: 1.2;
        stroke-dasharray: 3 3;
        opacity: 0.85;
      }
    `,
  ];

  declare view: TileView;
  /** By run. */
  declare colours: ReadonlyMap<string, string>;
  /** In CSS pixels. */
  declare width: number;
  /** That is looked at. */
  declare bin: number | null;

  /** What was drawn last: it stays while the next step is on its way. */
  #last: Drawing | null = null;
  readonly #probe = new BinProbe(this, ({ bin }) => {
    this.bin = bin;
  });

  constructor() {
    super();
    this.bin = null;
  }

  protected override render(): TemplateResult {
    const { columns, view } = this.view;
    const { show } = view.display;
    const isPending = columns.some((each) =>
      parts(each, show, columns.length).some(({ tiles }) => tiles === "pending"),
    );
    if (!isPending || this.#last === null) this.#last = draw(columns, show);
    const { frame, drawn } = this.#last;
    const height = plotHeight(this.width);
    const base = height - AXIS_HEIGHT;
    const box: CurveBox = { width: this.width, height: base - HEADROOM, base };
    const hasStart = drawn.some(({ role }) => role === "start");
    const isLooked = frame !== null && this.bin !== null && this.bin < frame.size;
    const key = isLooked ? this.#binSays(frame, drawn) : this.#rest(hasStart, show);
    const title = show === "value" ? "Values" : show === "difference" ? "Differences" : "Changes";
    return html`${plotHeading(title, key, { testId: "tile-bin" })}
      <div class="plot" style=${styleMap({ width: `${this.width}px`, height: `${height}px` })}>
        ${
          frame === null
            ? html`<div class="none" style=${styleMap({ height: `${base}px` })}>${isPending ? "" : "No finite value"}</div>`
            : this.#plot(frame, drawn, box, height, isPending)
        }
      </div>`;
  }

  // What is said while no bin is looked at.
  #rest(hasStart: boolean, show: Show): string {
    if (hasStart) return "dashed: at the start";
    const isMany = show === "value" && this.view.columns.length > FEW_RUNS;
    return isMany ? "the start is left out for so many runs" : "";
  }

  #plot(
    frame: Frame,
    drawn: readonly Drawn[],
    box: CurveBox,
    height: number,
    isStale: boolean,
  ): TemplateResult {
    const scale = heightScale(
      drawn.map(({ heights }) => heights),
      "count",
      frame.exponent,
    );
    const dashes = runDashes(
      this.view.columns.map(({ run }) => run),
      this.colours,
    );
    const total = drawn.filter(({ role }) => role === "now").length;
    return html`<svg
        role="img"
        aria-label=${`Values of the tile in bins, of ${total} runs`}
        width=${this.width}
        height=${height}
        class=${isStale ? "stale" : ""}
        data-testid="tile-histogram"
        data-painted=${!isStale}
      >
        ${heightGrid(scale, box)} ${valueAxis(frame, box)}
        <g class="curves">${drawn.map((each) => this.#curve(each, frame, scale, box, dashes.get(each.run) ?? ""))}</g>
        ${heightLabels(scale, box)} ${crosshair(this.bin, frame, box)}
      </svg>
      ${this.#probe.render(frame, this.bin, "Bins of the tile's values", this.bin === null ? "" : this.#binSays(frame, drawn))}`;
  }

  #curve(
    { run, name, role, counts, heights }: Drawn,
    frame: Frame,
    scale: HeightScale,
    box: CurveBox,
    dash: string,
  ): TemplateResult {
    const shares = heights.heights.map((each) => heightShare(each, scale));
    return svg`<path
      class="${role} ${this.view.columns.length > FEW_RUNS ? "many" : ""}"
      style=${styleMap({ "--run": this.colours.get(run) ?? "" })}
      d=${curvePath(shares, box)}
      stroke-dasharray=${dash || nothing}
      data-testid="tile-bins"
      data-run=${name}
      data-role=${role}
      data-exponent=${frame.exponent}
      data-first=${frame.first}
      data-counts=${JSON.stringify([...counts])}
    />`;
  }

  #binSays(frame: Frame, drawn: readonly Drawn[]): string {
    const bin = this.bin ?? 0;
    const now = drawn.filter(({ role }) => role === "now");
    const counts = now.slice(0, NAMED).map(({ run, name, counts: of }) => {
      const start = drawn.find((each) => each.run === run && each.role === "start");
      const before = start === undefined ? "" : ` (start ${formatWhole(start.counts[bin] ?? 0)})`;
      return `${name} ${formatWhole(of[bin] ?? 0)}${before}`;
    });
    return [binText(frame, bin), ...counts, ...(now.length > NAMED ? ["…"] : [])].join(" · ");
  }
}

interface Part {
  readonly role: Drawn["role"];
  readonly tiles: Tiles | "pending" | null;
}

// Beside changes the start is all zeros, and says nothing.
function parts({ shown, start, match }: TileColumn, show: Show, runs: number): readonly Part[] {
  const own: Part = { role: "now", tiles: tilesOf(shown) };
  const isFirst = match.match === "none" || match.index === 0;
  return show !== "value" || isFirst || runs > FEW_RUNS
    ? [own]
    : [{ role: "start", tiles: tilesOf(start) }, own];
}

function tilesOf(state: TileColumn["shown"]): Part["tiles"] {
  if (state?.status === "ready") return state.tiles;
  return state?.status === "pending" ? "pending" : null;
}

function draw(columns: readonly TileColumn[], show: Show): Drawing {
  const found = columns.flatMap((column) =>
    parts(column, show, columns.length).flatMap(({ role, tiles }) =>
      tiles === null || tiles === "pending" ? [] : [{ column, role, bins: binsOf(tiles) }],
    ),
  );
  const frame = plotFrame(
    found.map(({ bins }) => bins),
    [],
  );
  if (frame === null) return { frame, drawn: [] };
  const filled = found.filter(({ bins }) => bins.total > 0);
  const drawn = filled.map(({ column, role, bins }): Drawn => {
    const counts = drawnCounts(bins, frame);
    const { run, name } = column.run;
    return { run, name, role, counts, heights: heightsOf(counts, "count") };
  });
  return { frame, drawn };
}
