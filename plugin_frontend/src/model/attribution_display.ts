/** How attributions are displayed. Plain data with defaults, like `display.ts`. */

/** Interior gradients at one α of the path, or at all that were logged. */
export const ALPHA_MODES = ["one", "all"] as const;
export type AlphaMode = (typeof ALPHA_MODES)[number];

/** What is laid over the input: colours by sign, the input's own pixels, or nothing. */
export const OVERLAYS = ["signed", "mask", "off"] as const;
export type Overlay = (typeof OVERLAYS)[number];

export interface AttributionDisplay {
  /** Where on the path from the baseline, 0, to the input, 1; a card shows the nearest that it has. */
  readonly alpha: number;
  readonly alphas: AlphaMode;
  readonly overlay: Overlay;
}

export const DEFAULT_ATTRIBUTION_DISPLAY: AttributionDisplay = {
  alpha: 0.5,
  alphas: "one",
  overlay: "signed",
};
