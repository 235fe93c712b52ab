/**
 * The statistics of a histogram panel: a row for each tag of each run, numbers one below the other, each with its way
 * over the steps. Sparklines of one tag share their scale over the runs. Must not compute statistics.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { type Histogram, statisticOf } from "../model/histogram.js";
import { FIRST_COLUMN, NARROW_COLUMN, WIDE_COLUMN } from "../model/histogram_size.js";
import { type StatisticWords, shownStatistics } from "../model/histogram_words.js";
import { sparkHeight, sparkPath } from "../render/curve_paths.js";
import {
  type HistogramSeries,
  type HistogramView,
  loadedHistogram,
} from "../state/histogram_view.js";
import { dashOf } from "./histogram_marks.js";
import { nameText } from "./run_caption.js";
import { shared } from "./tokens.js";

const SPARK = { width: 56, height: 14, base: 17 };
const SPARK_BOX = 20;

/** Where NaN and infinities have columns too, sparklines give way before the table has to scroll. */
const SHORTEST_SPARK = 20;

interface Point {
  readonly at: number;
  readonly value: number;
}

export class NnvizHistogramStatistics extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    colours: { attribute: false },
    names: { attribute: false },
    width: { type: Number },
    narrow: { type: Boolean, reflect: true },
  };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: calc(100% - 4px);
        max-width: 1680px;
        table-layout: fixed;
        border-collapse: collapse;
      }
      th {
        height: 24px;
        padding: 0;
        font-weight: 400;
        font-size: 12px;
        color: var(--faint);
        text-align: end;
        white-space: nowrap;
      }
      th[scope="row"] {
        padding-left: 0;
        font-size: 12.5px;
        color: var(--ink);
        text-align: start;
      }
      .row {
        display: flex;
        align-items: center;
        gap: 7px;
      }
      .dash {
        flex: none;
        width: 18px;
        height: 8px;
      }
      .first {
        width: var(--first, 150px);
      }
      thead td {
        height: 24px;
      }
      tbody td {
        height: 28px;
        padding: 0 0 0 6px;
        white-space: nowrap;
        text-align: end;
      }
      tr + tr td,
      tr + tr th {
        border-top: 1px solid var(--line);
      }
      .cell {
        display: inline-flex;
        align-items: center;
        justify-content: end;
        gap: 8px;
      }
      .spark {
        flex: none;
        overflow: visible;
      }
      .spark path {
        fill: none;
        stroke: var(--run);
        stroke-width: 1.3;
        stroke-linejoin: round;
        opacity: 0.75;
      }
      .spark circle {
        fill: var(--run);
        stroke: var(--card);
        stroke-width: 1;
      }
      th .pad {
        display: inline-block;
        width: calc(var(--spark) + 8px);
      }
      :host([narrow]) .cell {
        flex-direction: column;
        align-items: end;
        gap: 0;
      }
      :host([narrow]) tbody td {
        height: 44px;
      }
      :host([narrow]) .pad {
        display: none;
      }
    `,
  ];

  declare view: HistogramView;
  /** Colours by run. */
  declare colours: ReadonlyMap<string, string>;
  /** What the layers of a group are called; one for a panel of one tag. */
  declare names: readonly string[];
  /** In CSS pixels. */
  declare width: number;
  /** Sparklines stand under their numbers. */
  declare narrow: boolean;

  #sparkWidth = SPARK.width;

  protected override render(): TemplateResult {
    const { series } = this.view;
    const shown = shownStatistics(
      series.flatMap(({ drawn, shown }) =>
        [shown, ...drawn].flatMap((each) => loadedHistogram(each) ?? []),
      ),
    );
    const first = this.names.length > 1 ? FIRST_COLUMN.several : FIRST_COLUMN.one;
    this.#sparkWidth = this.narrow ? SPARK.width : sparkWidth((this.width - first) / shown.length);
    const column = this.narrow ? NARROW_COLUMN : WIDE_COLUMN - SPARK.width + this.#sparkWidth;
    const columns = shown.length * column;
    const widths = {
      "--first": `${first}px`,
      "--spark": `${this.#sparkWidth}px`,
      "min-width": `${first + columns}px`,
    };
    // What scrolls must be reached by keys as well.
    const scrolls = first + columns > this.width;
    return html`<div
      class="scroll"
      role="group"
      aria-label="Statistics"
      tabindex=${scrolls ? "0" : nothing}
    >
      <table style=${styleMap(widths)}>
      <thead>
        <tr>
          <td class="first"></td>
          ${shown.map(
            ({ label, title }) =>
              html`<th scope="col" title=${title}>${label}<span class="pad"></span></th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${series.map((each) => this.#row(each, shown))}
      </tbody>
    </table>
    </div>`;
  }

  #row(series: HistogramSeries, shown: readonly StatisticWords[]): TemplateResult {
    const colour = this.colours.get(series.run.run) ?? "";
    const layer = this.names.length > 1 ? (this.names[series.layer] ?? "") : "";
    const histogram = loadedHistogram(series.shown);
    return html`<tr style=${styleMap({ "--run": colour })}>
      <th scope="row">
        <span class="row">
          <span class="dot" style=${styleMap({ background: colour })}></span>
          <span class="mono ellipsis" title=${series.run.name}>${nameText(series.run.name)}</span>
          ${
            layer === ""
              ? nothing
              : html`<svg class="dash" aria-hidden="true">
                    <line
                      x2="18" y1="4" y2="4"
                      stroke=${colour} stroke-width="2" stroke-dasharray=${dashOf(series.layer) || nothing}
                    />
                  </svg>
                  <span class="mono ellipsis" title=${layer}>${layer}</span>`
          }
        </span>
      </th>
      ${shown.map((words) => this.#cell(series, histogram, words))}
    </tr>`;
  }

  #cell(
    series: HistogramSeries,
    histogram: Histogram | null,
    { name, text }: StatisticWords,
  ): TemplateResult {
    const value = histogram === null ? NaN : statisticOf(histogram, name);
    return html`<td
      data-testid="statistic"
      data-run=${series.run.name}
      data-tag=${series.entry.tag}
      data-name=${name}
      data-value=${histogram === null ? nothing : value}
    >
      <span class="cell">
        <span>${histogram === null ? "" : text(value)}</span>
        ${this.#spark(series, (each) => statisticOf(each, name))}
      </span>
    </td>`;
  }

  #spark(series: HistogramSeries, read: (histogram: Histogram) => number): TemplateResult {
    const size = { ...SPARK, width: this.#sparkWidth };
    const box = html`<svg
      class="spark"
      width=${size.width}
      height=${SPARK_BOX}
      aria-hidden="true"
    ></svg>`;
    if (!this.view.complete || series.drawn.length < 2) return box;
    const alike = this.view.series.filter(({ entry }) => entry.tag === series.entry.tag);
    const values = alike.flatMap((each) => pointsOf(each, read).map(({ value }) => value));
    const finite = values.filter(Number.isFinite);
    const ends = [Math.min(...finite), Math.max(...finite)] as const;
    const points = pointsOf(series, read);
    const step = series.shown?.step;
    const here = points[series.drawn.findIndex((each) => each.step === step)];
    return html`<svg class="spark" width=${size.width} height=${SPARK_BOX} aria-hidden="true">
      <path d=${sparkPath(points, ends, size)} />
      ${
        here === undefined || !Number.isFinite(here.value)
          ? nothing
          : svg`<circle
              r="2.6"
              cx=${here.at * size.width}
              cy=${sparkHeight(here.value, ...ends, size.height, size.base)}
            />`
      }
    </svg>`;
  }
}

/** As wide as ever in a column of the usual width, shorter in a narrower one. */
function sparkWidth(column: number): number {
  const free = Math.floor(column) - (WIDE_COLUMN - SPARK.width);
  return Math.max(SHORTEST_SPARK, Math.min(SPARK.width, free));
}

function pointsOf(
  { drawn }: HistogramSeries,
  read: (histogram: Histogram) => number,
): readonly Point[] {
  const first = drawn[0]?.step ?? 0;
  const span = Math.max(1, (drawn.at(-1)?.step ?? 0) - first);
  return drawn.map((each) => {
    const histogram = loadedHistogram(each);
    return {
      at: (each.step - first) / span,
      value: histogram === null ? NaN : read(histogram),
    };
  });
}
