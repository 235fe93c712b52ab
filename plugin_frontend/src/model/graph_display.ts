/** How graphs are displayed. Plain data with defaults, like `display.ts`. */
import type { Named } from "./choices.js";
import { readViewport, type Viewport, writeViewport } from "./graph_viewport.js";
import { readPairs, writePairs } from "./url_text.js";

/** As boxes and lines, or as a table of the layers. */
export const GRAPH_FORMS = ["graph", "table"] as const;
export type GraphForm = (typeof GRAPH_FORMS)[number];

/** Which way data flows; `auto` is the one in which more is to be seen. */
export const GRAPH_DIRECTIONS = ["auto", "right", "down"] as const;
export type GraphDirection = (typeof GRAPH_DIRECTIONS)[number];

export const GRAPH_FORM_CHOICES: readonly Named<GraphForm>[] = [
  { value: "graph", label: "graph", title: "Boxes and lines" },
  { value: "table", label: "table", title: "A table of all layers" },
];

export const GRAPH_DIRECTION_CHOICES: readonly Named<GraphDirection>[] = [
  { value: "auto", label: "auto", title: "The direction in which more is to be seen at once" },
  { value: "right", label: "→", title: "Data flows from left to right" },
  { value: "down", label: "↓", title: "Data flows from top to bottom" },
];

export interface GraphDisplay {
  readonly form: GraphForm;
  readonly direction: GraphDirection;
  /** What of a drawing is looked at, by its first run; without an entry as at first. */
  readonly viewports: ReadonlyMap<string, Viewport>;
}

export const DEFAULT_GRAPH_DISPLAY: GraphDisplay = {
  form: "graph",
  direction: "auto",
  viewports: new Map(),
};

export function writeViewports(viewports: ReadonlyMap<string, Viewport>): string {
  return writePairs([...viewports].map(([run, viewport]) => [run, writeViewport(viewport)]));
}

export function readViewports(text: string): ReadonlyMap<string, Viewport> {
  return readPairs(text, readViewport);
}
