/**
 * One plot of histograms on shared bins: what is laid under, what is now, and the bin under the pointer or chosen by
 * keys. Reports that bin; must not decide bins or scales, nor know other plots.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Frame } from "../model/binning.js";
import { formatWhole } from "../model/format.js";
import { type HeightScale, heightShare } from "../model/histogram_heights.js";
import { AXIS_HEIGHT, plotHeight } from "../model/histogram_size.js";
import { type CurveBox, curvePath } from "../render/curve_paths.js";
import type { Curve, Plot } from "../state/histogram_plots.js";
import { BinLookEvent, BinProbe } from "./bin_probe.js";
import { plotDash } from "./histogram_dashes.js";
import {
  countsText,
  crosshair,
  heightGrid,
  heightLabels,
  markStyles,
  valueAxis,
} from "./histogram_marks.js";
import { shared } from "./tokens.js";

/** Space above the curves, for the label of a spike that is cut. */
const HEADROOM = 12;

export class NnvizHistogramPlot extends LitElement {
  static override readonly properties = {
    plot: { attribute: false },
    frame: { attribute: false },
    scale: { attribute: false },
    colours: { attribute: false },
    width: { type: Number },
    bin: { type: Number },
    stale: { type: Boolean },
    label: {},
    binText: {},
    note: {},
  };

  static override readonly styles = [
    shared,
    markStyles,
    css`
      .current {
        fill: var(--run);
        fill-opacity: 0.22;
        stroke: color-mix(in oklab, var(--run), var(--ink) calc(100% * var(--tint)));
        stroke-width: 1.6;
      }
      .grouped.current {
        fill-opacity: 0.1;
      }
      .reference {
        fill: var(--secondary);
        fill-opacity: 0.16;
        stroke: var(--mark);
        stroke-width: 1.2;
      }
      .grouped.reference {
        fill-opacity: 0.05;
      }
      .cut {
        fill: var(--secondary);
      }
    `,
  ];

  declare plot: Plot;
  declare frame: Frame;
  declare scale: HeightScale;
  /** Colours by run. */
  declare colours: ReadonlyMap<string, string>;
  /** In CSS pixels. */
  declare width: number;
  /** The bin that is looked at, in this plot or in another. */
  declare bin: number | null;
  /** A newer picture is on its way. */
  declare stale: boolean;
  /** What the plot shows, in words. */
  declare label: string;
  /** What the bin that is looked at holds, in words. */
  declare binText: string;
  /** Why nothing current is drawn; empty where something is. */
  declare note: string;

  readonly #probe = new BinProbe(this, (look) =>
    this.dispatchEvent(new BinLookEvent({ ...look, step: null })),
  );
  /** Paths by histogram; those of the same scale stay. */
  #paths = new WeakMap<Float64Array, { key: string; path: string }>();

  protected override render(): TemplateResult {
    const { plot, frame, scale, width } = this;
    const height = plotHeight(width);
    const base = height - AXIS_HEIGHT;
    const box: CurveBox = { width, height: base - HEADROOM, base };
    const current = plot.curves.findLast(({ role }) => role === "current");
    const reference = plot.curves.find(({ role }) => role === "reference");
    return html`<svg
        role="img"
        aria-label=${this.label}
        width=${width}
        height=${height}
        class=${this.stale ? "stale" : ""}
        data-testid="histogram-plot"
        data-painted=${!this.stale}
        data-run=${this.#runNames()}
        data-step=${current?.step ?? nothing}
        data-reference-step=${reference?.step ?? nothing}
      >
        ${heightGrid(scale, box)} ${valueAxis(frame, box)}
        <g class="curves">${plot.curves.map((curve) => this.#curve(curve, box))}</g>
        ${heightLabels(scale, box)} ${this.#cuts(box)}
        ${crosshair(this.bin, frame, box)}
      </svg>
      ${this.note === "" ? nothing : html`<div class="message" data-testid="histogram-empty"><span>${this.note}</span></div>`}
      ${this.#probe.render(frame, this.bin, `Bins of ${this.label}`, this.binText)}`;
  }

  #runNames(): string {
    return [...new Set(this.plot.series.map(({ run }) => run.name))].join(" ");
  }

  #curve(curve: Curve, box: CurveBox): TemplateResult {
    const { frame } = this;
    const grouped = new Set(this.plot.series.map(({ layer }) => layer)).size > 1;
    const looks = {
      "--run": this.colours.get(curve.run.run) ?? "",
      "--tint": String(Math.min(0.6, 0.18 * curve.layer)),
    };
    return svg`<path
      class="${curve.role} ${grouped ? "grouped" : ""}"
      style=${styleMap(looks)}
      stroke-dasharray=${plotDash(curve, this.plot.series, this.colours) || nothing}
      d=${this.#path(curve, box)}
      data-testid="histogram-curve"
      data-role=${curve.role}
      data-run=${curve.run.name}
      data-tag=${curve.tag}
      data-step=${curve.step}
      data-exponent=${frame.exponent}
      data-first=${frame.first}
      data-counts=${countsText(curve)}
    />`;
  }

  #path({ counts, heights }: Curve, box: CurveBox): string {
    const key = `${this.scale.top} ${box.width} ${box.height}`;
    const before = this.#paths.get(counts);
    if (before?.key === key) return before.path;
    const path = curvePath(
      heights.heights.map((height) => heightShare(height, this.scale)),
      box,
    );
    this.#paths.set(counts, { key, path });
    return path;
  }

  // Spikes that do not fit say how high they are; of several in one bin, the highest.
  #cuts({ width }: CurveBox): readonly TemplateResult[] {
    const cuts = new Map<number, number>();
    for (const { counts, heights } of this.plot.curves) {
      const bin = heights.heights.findIndex((height) => height > this.scale.top);
      if (bin >= 0) cuts.set(bin, Math.max(cuts.get(bin) ?? 0, counts[bin] ?? 0));
    }
    return [...cuts].map(([bin, count]) => {
      const x = ((bin + 0.5) / this.frame.size) * width;
      const end = x > width - 90;
      return svg`<text
        class="cut" x=${x + (end ? 4 : -4)} y="9" text-anchor=${end ? "end" : "start"}
      >▲ ${formatWhole(count)} values</text>`;
    });
  }
}
