/** The header of a histogram panel: which tags, what they are, and what is to be known of them. Must not know plots. */
import { html, nothing, type TemplateResult } from "lit";
import { sourceFacts } from "../model/facts.js";
import { formatCount, formatWhole } from "../model/format.js";
import { statisticOf } from "../model/histogram.js";
import { type HistogramView, loadedHistogram } from "../state/histogram_view.js";

export function histogramHeader(
  view: HistogramView,
  names: readonly string[],
  open: boolean,
  onFold: () => void,
  hint: TemplateResult | typeof nothing,
): TemplateResult {
  const title = names.length === 1 ? (names[0] ?? "") : `${names[0]} … ${names.at(-1)}`;
  const facts = factsOf(view, names.length).join(" · ");
  const { nan, infinite } = view.nonFinite;
  return html`<header class=${open ? "open" : ""}>
    <button
      class="fold"
      aria-expanded=${open}
      aria-label=${`${open ? "Fold" : "Unfold"} ${title}`}
      @click=${onFold}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
    </button>
    <h2 class="mono ellipsis" title=${names.join("\n")}>${title}</h2>
    <span class="facts ellipsis" title=${facts}>${facts}</span>
    ${view.remarks.notes.map((text) => html`<span class="chip amber" title=${text}>${text}</span>`)}
    ${countChip(nan, "NaN")} ${countChip(infinite, "infinite")}
    ${
      view.thinned === null
        ? nothing
        : html`<span class="chip" data-testid="thinned">${view.thinned}</span>`
    }
    ${hint}
  </header>`;
}

function factsOf({ series, source }: HistogramView, layers: number): readonly string[] {
  if (layers > 1) return [`${layers} layers`];
  const [first] = series.flatMap(({ shown }) => loadedHistogram(shown) ?? []);
  return [
    ...(source === null ? [] : sourceFacts(source)),
    ...(first === undefined ? [] : [formatCount(statisticOf(first, "count"), "value")]),
  ];
}

function countChip(count: number, word: string): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  return html`<span class="chip red" title="Of the shown runs at this step">
    ${formatWhole(count)} ${word}
  </span>`;
}
