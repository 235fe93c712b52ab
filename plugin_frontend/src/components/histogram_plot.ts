/**
 * One plot of histograms on shared bins: what is laid under, what is now, and the bin under the pointer or chosen by
 * keys. Reports that bin; must not decide bins or scales, nor know other plots.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Frame } from "../model/binning.js";
import { formatWhole } from "../model/format.js";
import type { HeightScale } from "../model/histogram_heights.js";
import { AXIS_HEIGHT, plotHeight } from "../model/histogram_size.js";
import type { CurveBox } from "../render/curve_paths.js";
import type { Curve, Plot } from "../state/histogram_plots.js";
import { BinLookEvent, BinProbe } from "./bin_probe.js";
import { isFilled, plotDash } from "./histogram_dashes.js";
import {
  countsText,
  crosshair,
  heightGrid,
  heightLabels,
  markStyles,
  pathsOf,
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
    signed: { type: Boolean },
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
      .difference {
        fill: var(--sign);
        fill-opacity: 0.4;
        stroke: var(--sign);
        stroke-width: 1.2;
      }
      .above {
        --sign: var(--bar-positive);
      }
      .below {
        --sign: var(--bar-negative);
      }
      /* Of several runs, the colours tell these apart. */
      .run.difference {
        fill: var(--run);
        fill-opacity: 0.12;
        stroke: var(--run);
        stroke-width: 1.6;
      }
      .grouped.difference {
        fill-opacity: 0.12;
      }
      .curves .line {
        fill: none;
      }
      .cut {
        fill: var(--secondary);
      }
    `,
  ];

  declare plot: Plot;
  declare frame: Frame;
  declare scale: HeightScale;
  /** Curves are differences, about zero. */
  declare signed: boolean;
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
  protected override render(): TemplateResult {
    const { plot, frame, scale, width } = this;
    const height = plotHeight(width);
    const floor = height - AXIS_HEIGHT;
    const room = floor - HEADROOM;
    const box: CurveBox = this.signed
      ? { width, height: room / 2, base: HEADROOM + room / 2 }
      : { width, height: room, base: floor };
    const frameBox = { ...box, base: floor };
    const current = plot.curves.findLast(({ role }) => role === "current");
    const reference = plot.curves.find(({ role }) => role === "reference") ?? current?.reference;
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
        ${heightGrid(scale, box)} ${valueAxis(frame, frameBox)}
        ${this.signed ? svg`<line class="floor" x2=${width} y1=${box.base} y2=${box.base} />` : nothing}
        <g class="curves">${plot.curves.map((curve) => this.#curve(curve, box))}</g>
        ${heightLabels(scale, box)} ${this.#cuts(frameBox)}
        ${crosshair(this.bin, frame, frameBox)}
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
    const dash = plotDash(curve, this.plot.series, this.colours) || nothing;
    const { above, below } = pathsOf(curve, this.scale, box);
    const kinds = [
      grouped ? "grouped" : "",
      this.plot.key === "runs" ? "run" : "",
      isFilled(this.plot) ? "" : "line",
    ];
    const kind = [this.signed ? "difference" : curve.role, ...kinds].join(" ");
    return svg`<path
      class="${kind} above"
      style=${styleMap(looks)}
      stroke-dasharray=${dash}
      d=${above}
      data-testid="histogram-curve"
      data-role=${curve.role}
      data-run=${curve.run.name}
      data-tag=${curve.tag}
      data-step=${curve.step}
      data-exponent=${frame.exponent}
      data-first=${frame.first}
      data-counts=${countsText(curve)}
      data-reference-run=${curve.reference?.run.name ?? nothing}
      data-reference-step=${curve.reference?.step ?? nothing}
      data-reference-counts=${curve.reference === null ? nothing : countsText(curve.reference)}
      data-below=${below || nothing}
    />${below === "" ? nothing : svg`<path class="${kind} below" style=${styleMap(looks)} stroke-dasharray=${dash} d=${below} />`}`;
  }

  // Spikes that do not fit say how high they are; of several in one bin, the highest.
  #cuts({ width, base }: CurveBox): readonly TemplateResult[] {
    const cuts = new Map<number, number>();
    for (const { counts, heights, reference } of this.plot.curves) {
      const bin = heights.heights.findIndex((height) => Math.abs(height) > this.scale.top);
      const count = (counts[bin] ?? 0) - (reference?.counts[bin] ?? 0);
      if (bin >= 0 && Math.abs(count) >= Math.abs(cuts.get(bin) ?? 0)) cuts.set(bin, count);
    }
    return [...cuts].map(([bin, count]) => {
      const x = ((bin + 0.5) / this.frame.size) * width;
      const end = x > width - 90;
      const text =
        count < 0
          ? `▼ −${formatWhole(-count)}`
          : `▲ ${this.signed ? "+" : ""}${formatWhole(count)}`;
      return svg`<text
        class="cut" x=${x + (end ? 4 : -4)} y=${count < 0 ? base - 4 : 9} text-anchor=${end ? "end" : "start"}
      >${text} values</text>`;
    });
  }
}
