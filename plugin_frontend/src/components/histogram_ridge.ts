/**
 * The steps of one run as a ridge: the first at the back, the last in front, the shown one marked. Reports the bin and
 * step that are looked at, and the step that is picked; must not decide bins or scales.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Frame } from "../model/binning.js";
import { type HeightScale, heightShare } from "../model/histogram_heights.js";
import { AXIS_HEIGHT } from "../model/histogram_size.js";
import { type RidgeLayout, ridgeAt, ridgeLayout } from "../model/ridge_layout.js";
import type { Curve, Plot } from "../state/histogram_plots.js";
import { BinLookEvent, BinProbe } from "./bin_probe.js";
import { countsText, crosshair, markStyles, pathsOf, valueAxis } from "./histogram_marks.js";
import { shared } from "./tokens.js";

/** Room at the right for what the steps are called, in CSS pixels. */
const LABELS_WIDTH = 66;

/** Curves closer than this have thin outlines and no base lines, which would cover them. */
const TIGHT = 7;

/** Labels closer than this would touch. */
const LABEL_HEIGHT = 13;

/** The step of a run that was picked. */
export class StepPickEvent extends CustomEvent<{ readonly run: string; readonly step: number }> {
  constructor(run: string, step: number) {
    super("step-pick", { detail: { run, step }, bubbles: true, composed: true });
  }
}

export class NnvizHistogramRidge extends LitElement {
  static override readonly properties = {
    plot: { attribute: false },
    steps: { attribute: false },
    frame: { attribute: false },
    scale: { attribute: false },
    signed: { type: Boolean },
    momentOf: { attribute: false },
    colour: {},
    width: { type: Number },
    bin: { type: Number },
    marked: { type: Number },
    stale: { type: Boolean },
    label: {},
    binText: {},
    note: {},
  };

  static override readonly styles = [
    shared,
    markStyles,
    css`
      path {
        fill: color-mix(in oklab, var(--sign, var(--run)) calc(30% + 50% * var(--age)), var(--card));
        stroke: var(--card);
        stroke-width: 1;
      }
      .signed .above {
        --sign: var(--bar-positive);
      }
      .signed .below {
        --sign: var(--bar-negative);
      }
      path.marked {
        stroke: var(--ink);
        stroke-width: 1.3;
      }
      path.current {
        fill: color-mix(in oklab, var(--sign, var(--run)) 92%, var(--card));
        stroke: var(--ink);
        stroke-width: 1.6;
      }
      .base {
        stroke: color-mix(in oklab, var(--run) calc(30% + 30% * var(--age)), var(--card));
        stroke-width: 0.7;
      }
      .base.current {
        stroke: var(--ink);
        stroke-width: 1.2;
      }
      .tight path {
        stroke-width: 0.5;
      }
      .tight path.current,
      .tight path.marked {
        stroke-width: 1.3;
      }
      .tight .base:not(.current) {
        display: none;
      }
      text.current {
        fill: var(--ink);
        font-weight: 600;
      }
      .probe {
        right: ${LABELS_WIDTH}px;
        cursor: pointer;
      }
    `,
  ];

  declare plot: Plot;
  /** The steps that have a place, in order; those whose records are on their way too. */
  declare steps: readonly number[];
  declare frame: Frame;
  declare scale: HeightScale;
  /** Curves are differences, about zero. */
  declare signed: boolean;
  /** What a step is called. */
  declare momentOf: (step: number) => string;
  declare colour: string;
  /** In CSS pixels, with the labels. */
  declare width: number;
  declare bin: number | null;
  /** The step that is looked at. */
  declare marked: number | null;
  declare stale: boolean;
  declare label: string;
  declare binText: string;
  /** Why nothing is to be seen; empty where something is. */
  declare note: string;

  readonly #probe = new BinProbe(this, (look, plotY) => {
    const step = look.bin === null ? null : this.#stepAt(look.bin, plotY);
    this.dispatchEvent(new BinLookEvent({ ...look, step }));
  });

  protected override render(): TemplateResult {
    const { plot, frame } = this;
    const layout = this.#layout();
    const base = layout.height;
    const box = { width: this.#plotWidth(), height: base, base };
    const current = plot.curves.find(({ role }) => role === "current");
    const run = plot.series[0]?.run;
    return html`<svg
        role="img"
        aria-label=${this.label}
        width=${this.width}
        height=${base + AXIS_HEIGHT}
        class="${this.stale ? "stale" : ""} ${this.signed ? "signed" : ""}"
        style=${styleMap({ "--run": this.colour })}
        data-testid="histogram-plot"
        data-painted=${!this.stale}
        data-run=${run?.name ?? ""}
        data-step=${current?.step ?? nothing}
      >
        ${valueAxis(frame, box)} ${plot.curves.map((curve) => this.#ridge(curve, layout))}
        ${this.#labels(layout, current?.step ?? null)} ${crosshair(this.bin, frame, box)}
      </svg>
      ${this.note === "" ? nothing : html`<div class="message" data-testid="histogram-empty"><span>${this.note}</span></div>`}
      <div @keydown=${this.#onKey} @click=${this.#onClick}>
        ${this.#probe.render(frame, this.bin, `Bins of ${this.label}`, this.binText)}
      </div>`;
  }

  #layout(): RidgeLayout {
    return ridgeLayout(this.steps.length, this.signed);
  }

  #plotWidth(): number {
    return Math.max(60, this.width - LABELS_WIDTH);
  }

  #ridge(curve: Curve, layout: RidgeLayout): TemplateResult {
    const { frame } = this;
    const index = this.steps.indexOf(curve.step);
    const age = this.steps.length < 2 ? 1 : index / (this.steps.length - 1);
    const y = layout.top + index * layout.spacing;
    const kind = curve.role === "current" ? "current" : curve.step === this.marked ? "marked" : "";
    const looks = styleMap({ "--age": String(age) });
    const isTight = layout.spacing < TIGHT;
    const box = { width: this.#plotWidth(), height: layout.amplitude, base: 0 };
    const { above, below } = pathsOf(curve, this.scale, box);
    return svg`<g transform="translate(0 ${y})" class=${isTight ? "tight" : ""}>
      <line class="base ${kind}" style=${looks} x2=${this.#plotWidth()} />
      <path
        class="${kind} above"
        style=${looks}
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
      />
      ${below === "" ? nothing : svg`<path class="${kind} below" style=${looks} d=${below} />`}
    </g>`;
  }

  // The shown step, the first and the last; the others where there is room.
  #labels({ top, spacing }: RidgeLayout, current: number | null): readonly TemplateResult[] {
    const { steps } = this;
    const at = (step: number): number => top + steps.indexOf(step) * spacing;
    const wanted = [current, steps[0] ?? null, steps.at(-1) ?? null, ...steps];
    const placed: number[] = [];
    for (const step of wanted) {
      if (step === null || !steps.includes(step)) continue;
      if (placed.every((other) => Math.abs(at(other) - at(step)) >= LABEL_HEIGHT))
        placed.push(step);
    }
    return placed.map(
      (step) => svg`<text
        class=${step === current ? "current" : ""}
        x=${this.#plotWidth() + 8} y=${at(step) + 3.5}
      >${this.momentOf(step)}</text>`,
    );
  }

  #stepAt(bin: number, plotY: number | null): number | null {
    if (plotY === null) return this.marked ?? this.#currentStep();
    const shares = new Map(
      this.plot.curves.map(({ step, heights }) => [
        this.steps.indexOf(step),
        heightShare(heights.heights[bin] ?? 0, this.scale),
      ]),
    );
    const index = ridgeAt(this.#layout(), this.steps.length, plotY, (at) => shares.get(at) ?? 0);
    return this.steps[index] ?? null;
  }

  #currentStep(): number | null {
    const current = this.plot.curves.find(({ role }) => role === "current");
    return current?.step ?? this.steps[0] ?? null;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const at = this.steps.indexOf(this.marked ?? this.#currentStep() ?? -1);
    const next = { ArrowUp: at - 1, ArrowDown: at + 1 }[event.key];
    const step = this.steps[Math.max(0, Math.min(this.steps.length - 1, next ?? at))];
    if (step === undefined || (next === undefined && event.key !== "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) this.#pick(step);
    else {
      const { left, top } = this.getBoundingClientRect();
      const bin = this.bin ?? Math.floor(this.frame.size / 2);
      const x = left + ((bin + 0.5) / this.frame.size) * this.#plotWidth();
      this.dispatchEvent(new BinLookEvent({ bin, step, x, y: top + 40 }));
    }
  };

  readonly #onClick = (): void => {
    if (this.marked !== null) this.#pick(this.marked);
  };

  #pick(step: number): void {
    const run = this.plot.series[0]?.run.run;
    if (run !== undefined) this.dispatchEvent(new StepPickEvent(run, step));
  }
}
