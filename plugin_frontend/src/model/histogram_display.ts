/** How histograms are displayed. Plain data with defaults, like `display.ts`. */

/** Before against now, a ridge over all steps, or the current step of all runs in one plot. */
export const HISTOGRAM_PLOTS = ["overlay", "ridge", "runs"] as const;
export type HistogramPlot = (typeof HISTOGRAM_PLOTS)[number];

export const HISTOGRAM_HEIGHTS = ["count", "log-count", "density"] as const;
export type HistogramHeight = (typeof HISTOGRAM_HEIGHTS)[number];

export interface HistogramDisplay {
  readonly plot: HistogramPlot;
  readonly height: HistogramHeight;
  /** How many layers share a plot. */
  readonly layersPerPlot: number;
}

export const DEFAULT_HISTOGRAM_DISPLAY: HistogramDisplay = {
  plot: "overlay",
  height: "count",
  layersPerPlot: 1,
};
