/**
 * The statistics of a histogram panel: a row for each tag of each run, numbers one below the other, each with its way
 * over the steps. Sparklines of one tag share their scale over the runs. Must not compute statistics.
 */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import {
  type Histogram,
  isNonFiniteCount,
  knownStatistic,
  statisticOf,
} from "../model/histogram.js";
import {
  FIRST_COLUMN,
  NARROW_COLUMN,
  NARROW_COUNT_COLUMN,
  WIDE_COLUMN,
} from "../model/histogram_size.js";
import { type StatisticWords, shownStatistics } from "../model/histogram_words.js";
import type { HistogramStatisticName } from "../model/record.js";
import { sparkHeight, sparkPath } from "../render/curve_paths.js";
import {
  type DrawnStep,
  type HistogramSeries,
  type HistogramView,
  loadedHistogram,
  loadedReference,
} from "../state/histogram_view.js";
import { dashOf } from "./histogram_dashes.js";
import { statisticsStyles } from "./histogram_statistics_styles.js";
import { nameText } from "./run_caption.js";
import { shared } from "./tokens.js";

const SPARK = { width: 56, height: 14, base: 17 };
const SPARK_BOX = 20;

/** Where NaN and infinities have columns too, sparklines give way before the table has to scroll. */
const SHORTEST_SPARK = 20;

/** In the narrow columns of counts. */
const SHORT_SPARK = 40;

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

  static override readonly styles = [shared, statisticsStyles];

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
        [shown, ...drawn].flatMap((each) => histogramsOf(each, this.view.areDifferences)),
      ),
    );
    const several = this.narrow ? FIRST_COLUMN.severalNarrow : FIRST_COLUMN.several;
    const first = this.names.length > 1 ? several : FIRST_COLUMN.one;
    this.#sparkWidth = this.narrow ? SPARK.width : sparkWidth((this.width - first) / shown.length);
    const column = this.narrow ? NARROW_COLUMN : WIDE_COLUMN - SPARK.width + this.#sparkWidth;
    const counts = this.narrow ? shown.filter(({ name }) => isNonFiniteCount(name)).length : 0;
    const columns = shown.length * column - counts * (column - NARROW_COUNT_COLUMN);
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
            ({ name, label, title }) =>
              html`<th
                scope="col"
                class=${isNonFiniteCount(name) ? "non-finite" : ""}
                title=${title}
              >${label}<span class="pad"></span></th>`,
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
    const run = series.run.name;
    return html`<tr style=${styleMap({ "--run": colour })}>
      <th scope="row">
        <span class="row">
          <span class="dot" title=${run} style=${styleMap({ background: colour })}></span>
          ${
            layer === ""
              ? html`<span class="mono ellipsis" title=${run}>${nameText(run)}</span>`
              : html`<span class="unseen">${run}</span><svg class="dash" aria-hidden="true">
                    <line
                      x2="18" y1="4" y2="4"
                      stroke=${colour} stroke-width="2" stroke-dasharray=${dashOf(series.layer) || nothing}
                    />
                  </svg>
                  <span class="mono ellipsis" title=${`${run}\n${layer}`}>${nameText(layer)}</span>`
          }
        </span>
      </th>
      ${shown.map((words) => this.#cell(series, histogram, words))}
    </tr>`;
  }

  #cell(
    series: HistogramSeries,
    histogram: Histogram | null,
    { name, text, differenceText }: StatisticWords,
  ): TemplateResult {
    const { areDifferences } = this.view;
    const isKnown =
      histogram !== null && (!areDifferences || series.shown?.against?.status === "found");
    const value = !isKnown
      ? NaN
      : areDifferences
        ? differenceIn(series.shown, name)
        : statisticOf(histogram, name);
    const words = areDifferences
      ? differenceText(value)
      : histogram === null
        ? ""
        : text(knownStatistic(histogram, name));
    return html`<td
      data-testid="statistic"
      data-run=${series.run.name}
      data-tag=${series.entry.tag}
      data-name=${name}
      data-value=${isKnown ? value : nothing}
    >
      <span class="cell">
        <span>${isKnown ? words : ""}</span>
        ${this.#spark(series, name)}
      </span>
    </td>`;
  }

  #spark(series: HistogramSeries, name: HistogramStatisticName): TemplateResult {
    const { areDifferences } = this.view;
    const read = (each: DrawnStep): number => {
      if (areDifferences) return differenceIn(each, name);
      const histogram = loadedHistogram(each);
      return histogram === null ? NaN : knownStatistic(histogram, name);
    };
    const isShort = this.narrow && isNonFiniteCount(name);
    const size = { ...SPARK, width: isShort ? SHORT_SPARK : this.#sparkWidth };
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
  read: (drawn: DrawnStep) => number,
): readonly Point[] {
  const first = drawn[0]?.step ?? 0;
  const span = Math.max(1, (drawn.at(-1)?.step ?? 0) - first);
  return drawn.map((each) => ({ at: (each.step - first) / span, value: read(each) }));
}

/** What a statistic is more than in what the record is compared with; NaN where either is not known. */
function differenceIn(drawn: DrawnStep | null, name: HistogramStatisticName): number {
  const histogram = loadedHistogram(drawn);
  const other = drawn && loadedReference(drawn);
  if (histogram === null || other === null) return NaN;
  return knownStatistic(histogram, name) - knownStatistic(other, name);
}

function histogramsOf(drawn: DrawnStep | null, areDifferences: boolean): readonly Histogram[] {
  const other = areDifferences && drawn !== null ? loadedReference(drawn) : null;
  return [loadedHistogram(drawn), other].filter((each) => each !== null);
}
