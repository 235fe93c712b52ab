/**
 * What a plot of histograms says in words: why there is no difference, or nothing finite, to draw. Pure functions of the
 * plot; must not know the DOM.
 */
import { emptyText, type Plot, type Plots } from "./histogram_plots.js";
import { type HistogramSeries, loadedHistogram, loadedReference } from "./histogram_view.js";

/** What stands in the place of a plot, or over what is drawn beside the shown step; empty where that is drawn. */
export function plotMessage(
  { curves, series }: Plot,
  { frame, isSigned }: Pick<Plots, "frame" | "isSigned">,
  isRidge: boolean,
): string {
  const isDrawn = isRidge ? curves.length > 0 : curves.some(({ role }) => role === "current");
  return isDrawn && frame !== null ? "" : emptyMessage(series, isSigned);
}

function emptyMessage(series: readonly HistogramSeries[], isSigned: boolean): string {
  for (const { shown } of series) {
    const other = isSigned && shown !== null ? loadedReference(shown) : null;
    if (isSigned && shown?.against?.status === "absent") return shown.against.message;
    if (other !== null && other.total === 0)
      return `No difference: in what it is compared with ${emptyText(other)}`;
    const histogram = loadedHistogram(shown);
    const text = histogram === null ? null : emptyText(histogram);
    if (text !== null) return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  }
  return "";
}
