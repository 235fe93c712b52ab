/**
 * One sample in a card of attributions: its input, and a line for each run with maps, curve and proof. Templates of one
 * moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import {
  type CardColumn,
  type CardLayout,
  LEAST_CURVE_HEIGHT,
} from "../model/attribution_layout.js";
import type { GridLayout } from "../model/layout.js";
import { curveRange, type PathCurve } from "../model/path_curve.js";
import type { Range } from "../model/ranges.js";
import { type Part, samplesOf } from "../state/attribution_parts.js";
import type { AttributionRun, AttributionView } from "../state/attribution_view.js";
import {
  baselinePicture,
  inputPicture,
  interiorPicture,
  mapPicture,
  otherMoment,
  overlayPicture,
  partWords,
  type RowContext,
  sampleName,
  spreadPicture,
  wordsTemplate,
} from "./attribution_cells.js";
import { curveTemplate } from "./attribution_curve.js";
import { proofTemplate } from "./attribution_proof.js";
import { runName } from "./run_caption.js";

export function rowTemplate(context: RowContext, sample: number): TemplateResult {
  const { view, layout } = context;
  const curves = view.runs.map((run) => curveOf(run.path, sample));
  // One axis for the runs of a sample, so that their curves compare.
  const range = curveRange(curves.flatMap((curve) => curve ?? []));
  const lines = { "grid-row": `span ${Math.max(1, view.runs.length) * layout.lines.length}` };
  return html`<div class="cell input" style=${styleMap(lines)}>
      ${inputPicture(context, sample)} ${sampleLabel(view, sample)}
    </div>
    ${view.runs.map((run, index) => lineTemplate(context, run, sample, curves[index] ?? null, range))}`;
}

function sampleLabel(view: AttributionView, sample: number): TemplateResult {
  const label = view.labels?.[sample];
  return html`<span class="sample" title=${sampleName(view, sample)}>
    <span class="ellipsis">${label ?? "sample"}</span><span class="index">#${sample}</span>
  </span>`;
}

function lineTemplate(
  context: RowContext,
  run: AttributionRun,
  sample: number,
  curve: PathCurve | null,
  range: Range | null,
): TemplateResult {
  const { session, view, layout } = context;
  const colour = session.state.value.runColours.get(run.run.run) ?? "";
  const several = view.runs.length > 1;
  const { columns, below, isNarrow } = layout;
  const place = (name: CardColumn): string => (below.includes(name) ? "below" : "");
  const lower = { "--lower": `${lowerBy(layout)}px` };
  return html`<div
      class="cell map ${several ? "several" : ""}"
      style=${styleMap({ "--run": colour, "--lines": `${layout.line}px` })}
      data-run=${run.run.name}
    >
      ${mapPicture(context, run, sample)}
    </div>
    ${columns.overlay === 0 ? nothing : html`<div class="cell">${overlayPicture(context, run, sample)}</div>`}
    <div class="cell interior" style=${styleMap(lower)}>${interiorPicture(context, run, sample)}</div>
    ${columns.spread === 0 ? nothing : html`<div class="cell">${spreadPicture(context, run, sample)}</div>`}
    ${columns.baselines === 0 ? nothing : html`<div class="cell">${baselinePicture(context, run, sample)}</div>`}
    <div class="cell curve ${place("curve")}">${curvePicture(context, run, sample, curve, range)}</div>
    <div
      class="cell proof ${place("proof")} ${isNarrow ? "narrow" : ""}"
      data-testid="proof"
      data-run=${run.run.name}
      data-sample=${sample}
    >
      ${several ? html`<div class="name-line">${runName(run.run.name, colour)}</div>` : nothing}
      ${proofTemplate(run, sample)}
    </div>`;
}

function curvePicture(
  { session, view, layout }: RowContext,
  { run, path }: AttributionRun,
  sample: number,
  curve: PathCurve | null,
  range: Range | null,
): unknown {
  if (path.status !== "ready") return partWords(path, session);
  if (curve === null || range === null) return wordsTemplate("no curve of this sample");
  return html`${curveTemplate({
    curve,
    range,
    alpha: view.alphas[view.alphaIndex] ?? null,
    colour: session.state.value.runColours.get(run.run) ?? "",
    width: layout.columns.curve,
    height: curveHeight(layout),
    name: sampleName(view, sample),
  })}${otherMoment(session, path)}`;
}

/** F along the path of a sample; null where it is not here. */
function curveOf(path: Part, sample: number): PathCurve | null {
  if (path.status !== "ready" || sample >= samplesOf(path.record)) return null;
  const { shape, header, payload } = path.record;
  if (payload.precision !== "float32") return null;
  const { width } = shape;
  const labels = header.axes.at(-1)?.labels;
  const alphas = Array.from({ length: width }, (_, index) =>
    Number(labels?.[index] ?? index / Math.max(1, width - 1)),
  );
  return { alphas, values: [...payload.values.subarray(sample * width, (sample + 1) * width)] };
}

// A strip of smaller maps stands in the middle beside the map.
function lowerBy({ map, interior }: CardLayout): number {
  const height = (layout: GridLayout): number => layout.height * layout.zoom;
  return interior === null ? 0 : Math.max(0, Math.floor((height(map) - height(interior)) / 2));
}

function curveHeight({ map, lines, below }: CardLayout): number {
  if (below.includes("curve")) return LEAST_CURVE_HEIGHT;
  const beside = lines[0] ?? LEAST_CURVE_HEIGHT;
  return Math.max(LEAST_CURVE_HEIGHT, Math.min(beside, Math.round(map.height * map.zoom)));
}
