/**
 * What a card of a model says of it above its graph: runs, numbers, notes, the kinds of layers; zooming and unfolding.
 * Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatWhole } from "../model/format.js";
import { foldableModels, unfoldedKey } from "../model/graph_tree.js";
import { categoryCounts, graphTotals } from "../model/graph_words.js";
import type { Category, GraphHeader } from "../model/record.js";
import { CATEGORY_SIGNS } from "../render/graph_signs.js";
import type { GraphCard } from "../state/graph_view.js";
import type { Session } from "../state/session.js";
import { exportButton } from "./export_events.js";
import type { GraphMotion } from "./graph_motion.js";
import { signTemplate } from "./graph_nodes.js";
import { noteChip } from "./note_chips.js";
import { runNames } from "./run_caption.js";

export interface HeaderContext {
  readonly session: Session;
  readonly card: GraphCard;
  readonly unfolded: ReadonlySet<string>;
  readonly runColours: ReadonlyMap<string, string>;
  /** Null where there is no drawing; `zoom` in percent. */
  readonly tools: { readonly zoom: number; readonly motion: GraphMotion } | null;
}

/** Of so many runs the names are written out. */
const NAMED = 4;

const NOT_TRAINED =
  "The weights of frozen layers, and statistics such as those of BatchNormalization";

export function headerTemplate(context: HeaderContext): TemplateResult {
  const { card, runColours, tools } = context;
  const { graph, runs } = card;
  const { layers, parameters, trainable, notTrained, hasFrozen } = graphTotals(graph);
  const chip = (count: number, what: string, kind: string, title: string): unknown =>
    count === 0
      ? nothing
      : html`<span class="chip ${kind}" title=${title}>${formatWhole(count)} ${what}</span>`;
  return html`<header class="open">
    <div class="words">
      ${runNames(runs, runColours, NAMED, "more-runs")}
      <span class="facts" data-testid="graph-totals">
        ${formatCount(layers, "layer")} · ${formatCount(parameters, "parameter")}
      </span>
      ${chip(trainable, "trainable", "", "The numbers that training changes by gradients")}
      ${chip(notTrained, "not trained", hasFrozen ? "amber" : "", NOT_TRAINED)}
      ${graph.notes.map(noteChip)}
    </div>
    ${tools === null ? nothing : html`${foldTool(context)} ${zoomTools(tools.zoom, tools.motion)}`}
    ${exportButton("the graph")}
  </header>`;
}

function foldTool({ session, card, unfolded }: HeaderContext): TemplateResult | typeof nothing {
  const models = foldableModels(card.graph);
  if (models.length === 0) return nothing;
  const isOpen = models.every((path) => unfolded.has(unfoldedKey(path)));
  const text = `${isOpen ? "Fold" : "Unfold"} ${models.length === 1 ? "the model inside" : "all models inside"}`;
  return html`<button
    class="button"
    data-testid="fold-models"
    @click=${() => session.folding.setUnfolded(models.map(unfoldedKey), !isOpen)}
  >
    ${text}
  </button>`;
}

function zoomTools(zoom: number, motion: GraphMotion): TemplateResult {
  const percent = `${zoom} %`;
  return html`<div class="segments" role="group" aria-label="Zoom">
    <button title="Smaller (−, or Ctrl or ⌘ with the wheel)" aria-label="Smaller" data-testid="zoom-out" @click=${() => motion.zoom(-1)}>
      −
    </button>
    <button
      class="percent"
      title="Show all of the graph (0)"
      aria-label=${`${percent}. Show all of the graph`}
      data-testid="zoom-fit"
      @click=${() => motion.fit()}
    >
      ${percent}
    </button>
    <button title="Larger (+, or Ctrl or ⌘ with the wheel)" aria-label="Larger" data-testid="zoom-in" @click=${() => motion.zoom(1)}>
      +
    </button>
  </div>`;
}

/** The kinds of layers that the graph has. */
export function legendTemplate(graph: GraphHeader): TemplateResult {
  const counts = categoryCounts(graph, Object.keys(CATEGORY_SIGNS) as Category[]);
  return html`<ul class="legend" aria-label="Kinds of layers" data-testid="graph-legend">
    ${counts.map(
      ({
        category,
        count,
      }) => html`<li data-category=${category} title=${formatCount(count, "node")}>
        ${signTemplate(category)}${CATEGORY_SIGNS[category].words}
      </li>`,
    )}
  </ul>`;
}
