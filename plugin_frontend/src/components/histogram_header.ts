/** The header of a histogram panel: which tags, what they are, and what is to be known of them. Must not know plots. */
import { html, nothing, type TemplateResult } from "lit";
import { panelFacts, panelTitle, sourceFacts } from "../model/facts.js";
import { formatCount, formatWhole } from "../model/format.js";
import { statisticOf } from "../model/histogram.js";
import type { Moment } from "../model/record.js";
import { momentText } from "../model/steps.js";
import { type HistogramView, loadedHistogram, loadedReference } from "../state/histogram_view.js";
import type { Session } from "../state/session.js";
import { changeText } from "./comparison_words.js";
import { exportButton } from "./export_events.js";
import { noteChip } from "./note_chips.js";
import { foldButton, panelHeading } from "./panel_header.js";

export interface HeaderChoices {
  /** Of the tags. */
  readonly names: readonly string[];
  readonly open: boolean;
  /** It stands below the heading of its layer. */
  readonly hasHeading: boolean;
  /** Nothing of it is drawn yet. */
  readonly isLoading: boolean;
  readonly onFold: () => void;
  readonly hint: TemplateResult | typeof nothing;
}

export function histogramHeader(
  session: Session,
  view: HistogramView,
  { names, open, hasHeading, isLoading, onFold, hint }: HeaderChoices,
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
      isLoading
        ? html`<span class="chip" data-testid="histogram-loading">loading…</span>`
        : view.thinned === null
          ? nothing
          : html`<span class="chip" data-testid="thinned">${view.thinned}</span>`
    }
    ${session.state.value.display.show === "value" ? nothing : html`<span class="chip" data-testid="change">${changeText(session, sinceOf(view, session))}</span>`}
    ${hint}
    </div>
    ${exportButton(whole)}
  </header>`;
}

// Over the steps of a ridge each has another.
function sinceOf({ series }: HistogramView, { state, derived }: Session): Moment | null {
  const { display, histogramDisplay } = state.value;
  if (histogramDisplay.plot === "ridge" && display.show !== "change-since-start") return null;
  const moments = series.flatMap(({ shown }) => {
    const other = shown && loadedReference(shown);
    return other === null ? [] : [other.header.moment];
  });
  const texts = new Set(moments.map((moment) => momentText(moment, derived.axis)));
  return texts.size === 1 ? (moments[0] ?? null) : null;
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
