/** The header of a histogram panel: which tags, what they are, and what is to be known of them. Must not know plots. */
import { html, nothing, type TemplateResult } from "lit";
import { panelFacts, panelTitle, sourceFacts } from "../model/facts.js";
import { formatCount, formatWhole } from "../model/format.js";
import { statisticOf } from "../model/histogram.js";
import { type HistogramView, loadedHistogram } from "../state/histogram_view.js";
import { exportButton } from "./export_events.js";
import { noteChip } from "./note_chips.js";
import { foldButton, panelHeading } from "./panel_header.js";

/** `hasHeading`: it stands below the heading of its layer. */
export function histogramHeader(
  view: HistogramView,
  names: readonly string[],
  open: boolean,
  hasHeading: boolean,
  onFold: () => void,
  hint: TemplateResult | typeof nothing,
): TemplateResult {
  const [first = ""] = names;
  const whole = names.length === 1 ? first : `${first} … ${names.at(-1)}`;
  const source = hasHeading ? view.source : null;
  const title = source === null ? whole : panelTitle(view.series[0]?.entry.tag ?? first, source);
  const facts = factsOf(view, names.length, hasHeading).join(" · ");
  const { nan, infinite } = view.nonFinite;
  return html`<header class=${open ? "open" : ""}>
    ${foldButton(whole, open, onFold)}
    <div class="words">
      ${panelHeading(title, names.join("\n"), source)}
    <span class="facts ellipsis" title=${facts}>${facts}</span>
    ${view.remarks.notes.map(noteChip)}
    ${countChip(nan, "NaN")} ${countChip(infinite, "infinite")}
    ${
      view.thinned === null
        ? nothing
        : html`<span class="chip" data-testid="thinned">${view.thinned}</span>`
    }
    ${hint}
    </div>
    ${exportButton(whole)}
  </header>`;
}

function factsOf(
  { series, source }: HistogramView,
  layers: number,
  hasHeading: boolean,
): readonly string[] {
  if (layers > 1) return [`${layers} layers`];
  const [first] = series.flatMap(({ shown }) => loadedHistogram(shown) ?? []);
  const ofSource = source !== null && !hasHeading ? sourceFacts(source) : panelFacts(source, null);
  const count = first === undefined ? [] : [formatCount(statisticOf(first, "count"), "value")];
  // The facts of a vector end in its length, which is the number of its values.
  return [...new Set([...ofSource, ...count])];
}

function countChip(count: number, word: string): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  return html`<span class="chip red" title="Of the shown runs at this step">
    ${formatWhole(count)} ${word}
  </span>`;
}
