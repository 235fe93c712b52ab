/**
 * One sample in a card of attributions: its input, and a line for each run with maps, curve and proof. Templates of one
 * moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { alphaText } from "../model/alphas.js";
import type { CardLayout } from "../model/attribution_layout.js";
import { type Colouring, chooseColouring } from "../model/colours.js";
import type { GridLayout } from "../model/layout.js";
import { curveRange, type PathCurve } from "../model/path_curve.js";
import { extremesOf, type Range, rangeOfExtremes } from "../model/ranges.js";
import { momentText } from "../model/steps.js";
import { tileAt } from "../model/summed_tiles.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import type { Overlaid } from "../render/paint_overlay.js";
import {
  type AttributionRun,
  type AttributionView,
  type Part,
  samplesOf,
} from "../state/attribution_view.js";
import type { Session } from "../state/session.js";
import { curveTemplate } from "./attribution_curve.js";
import { proofTemplate } from "./attribution_proof.js";
import { runName } from "./run_caption.js";

/** What all rows of a card have in common. */
export interface RowContext {
  readonly session: Session;
  readonly view: AttributionView;
  readonly layout: CardLayout;
  /** Curves of all runs, by sample. */
  readonly pickAlpha: (tile: number) => void;
}

export function rowTemplate(context: RowContext, sample: number): TemplateResult {
  const { view } = context;
  const curves = view.runs.map((run) => curveOf(run.path, sample));
  const range = curveRange(curves.flatMap((curve) => curve ?? []));
  return html`${inputCell(context, sample)}
  ${view.runs.map((run, index) => lineTemplate(context, run, sample, curves[index] ?? null, range))}`;
}

/** What a sample is called. */
export function sampleName({ labels }: AttributionView, sample: number): string {
  const label = labels?.[sample];
  return label === undefined ? `sample ${sample}` : `sample ${sample} · ${label}`;
}

function sampleLabel(view: AttributionView, sample: number): TemplateResult {
  const label = view.labels?.[sample];
  return html`<span class="sample" title=${sampleName(view, sample)}>
    <span class="ellipsis">${label ?? "sample"}</span><span class="index">${sample}</span>
  </span>`;
}

function inputCell({ session, view, layout }: RowContext, sample: number): TemplateResult {
  const { pictures, picturesTag, runs } = view;
  const lines = { "grid-row": `span ${Math.max(1, runs.length)}` };
  const [first] = runs;
  const name = sampleName(view, sample);
  if (pictures.status !== "ready" || layout.input === null || first === undefined) {
    const cell = pictures.status === "ready" ? nothing : partWords(pictures, session);
    return html`<div class="cell input" style=${styleMap(lines)}>
      ${cell} ${sampleLabel(view, sample)}
    </div>`;
  }
  const { tiles } = pictures;
  const colouring = chooseColouring(
    "auto",
    tiles.header.meaning,
    tiles.shape.channels,
    session.state.value.theme,
  );
  const tile = pictureTile(tiles, sample);
  const content =
    sample < samplesOf(tiles)
      ? tilesTemplate(session, {
          tag: picturesTag,
          run: first,
          part: "input",
          label: `input, ${name}`,
          sample,
          tiles,
          order: [tile],
          layout: layout.input,
          colouring,
          range: rangeOfExtremes([extremesOf(tiles)], colouring.rule),
        })
      : wordsTemplate("this sample is not among those logged");
  return html`<div class="cell input" style=${styleMap(lines)}>
    ${content} ${sampleLabel(view, sample)}
  </div>`;
}

/** Of a sample with several channels or slices, the one in the middle. */
export function pictureTile(tiles: Tiles, sample: number): number {
  const each = tiles.shape.tiles / Math.max(1, samplesOf(tiles));
  return sample * each + Math.floor(each / 2);
}

function lineTemplate(
  context: RowContext,
  run: AttributionRun,
  sample: number,
  curve: PathCurve | null,
  range: Range | null,
): TemplateResult {
  const { session, view, layout } = context;
  const { maps, interior, spread, baselines } = run;
  const { runColours } = session.state.value;
  const colour = runColours.get(run.run.run) ?? "";
  const several = view.runs.length > 1;
  const { columns } = layout;
  const alpha = view.alphas[view.alphaIndex] ?? null;
  return html`<div
      class="cell map ${several ? "several" : ""}"
      style=${styleMap({ "--run": colour })}
      data-run=${run.run.name}
    >
      ${mapCell(context, run, maps, sample)}
    </div>
    ${columns.overlay === 0 ? nothing : html`<div class="cell">${overlayCell(context, run, sample)}</div>`}
    <div class="cell interior" style=${styleMap({ "--lower": `${lowerBy(layout)}px` })}>${interiorCell(context, run, interior, sample)}</div>
    ${columns.spread === 0 ? nothing : html`<div class="cell">${spread === null ? wordsTemplate("not logged in this run") : spreadCell(context, run, spread, sample)}</div>`}
    ${columns.baselines === 0 ? nothing : html`<div class="cell">${baselines === null ? wordsTemplate("one constant value") : baselineCell(context, run, baselines, sample)}</div>`}
    <div class="cell curve">
      ${
        run.path.status === "ready"
          ? curve === null || range === null
            ? wordsTemplate("no curve of this sample")
            : curveTemplate({
                curve,
                range,
                alpha,
                colour,
                width: columns.curve,
                height: curveHeight(layout),
                name: sampleName(view, sample),
              })
          : partWords(run.path, session)
      }
      ${otherMoment(context, run.path)}
    </div>
    <div class="cell proof ${layout.isNarrow ? "narrow" : ""}" data-testid="proof" data-run=${run.run.name} data-sample=${sample}>
      ${several ? html`<div class="name-line">${runName(run.run.name, colour)}</div>` : nothing}
      ${proofTemplate(run, sample)}
    </div>`;
}

// A strip of smaller maps stands in the middle beside the map.
function lowerBy({ map, interior }: CardLayout): number {
  const height = (layout: GridLayout): number => layout.height * layout.zoom;
  return interior === null ? 0 : Math.max(0, Math.floor((height(map) - height(interior)) / 2));
}

function curveHeight({ map, line }: CardLayout): number {
  return Math.max(64, Math.min(line, Math.round(map.height * map.zoom)));
}

function mapCell(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  maps: Part,
  sample: number,
): unknown {
  if (maps.status !== "ready") return partWords(maps, session);
  if (sample >= samplesOf(maps.tiles))
    return wordsTemplate("this sample is not logged in this run");
  return tilesTemplate(session, {
    tag: tagOf(run, "integrated_gradients", view.input),
    run,
    part: "map",
    label: `attribution, ${sampleName(view, sample)}, run ${run.run.name}`,
    sample,
    tiles: maps.tiles,
    order: [sample],
    layout: layout.map,
    colouring: view.colouring,
    range: run.range,
  });
}

function overlayCell(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  sample: number,
): unknown {
  const { maps } = run;
  const { pictures } = view;
  const { overlay } = session.state.value.attributionDisplay;
  if (maps.status !== "ready" || pictures.status !== "ready" || overlay === "off") return nothing;
  if (sample >= samplesOf(maps.tiles) || sample >= samplesOf(pictures.tiles)) return nothing;
  const overlaid: Overlaid = {
    kind: overlay,
    maps: maps.tiles,
    tile: sample,
    range: run.range ?? ownRange(maps.tiles, sample),
    pictures: pictures.tiles,
    sample,
    theme: session.state.value.theme,
  };
  return tilesTemplate(session, {
    tag: tagOf(run, "integrated_gradients", view.input),
    run,
    part: "overlay",
    label: `attribution over the input, ${sampleName(view, sample)}, run ${run.run.name}`,
    sample,
    tiles: maps.tiles,
    order: [sample],
    layout: layout.map,
    colouring: view.colouring,
    range: run.range,
    overlaid,
  });
}

function ownRange({ statistics }: Tiles, tile: number): Range {
  const of = (name: "min" | "max"): number => statistics.get(name)?.[tile] ?? NaN;
  return rangeOfExtremes([{ min: of("min"), max: of("max") }], "symmetric");
}

function interiorCell(
  context: RowContext,
  run: AttributionRun,
  interior: Part,
  sample: number,
): unknown {
  const { session, view, layout } = context;
  if (interior.status !== "ready") return partWords(interior, session);
  if (layout.interior === null || view.alphas.length === 0)
    return wordsTemplate("the record names no α");
  if (sample >= samplesOf(interior.tiles))
    return wordsTemplate("this sample is not logged in this run");
  const { alphas: mode } = session.state.value.attributionDisplay;
  const axes = gridAxes(interior.tiles.header);
  const shown = mode === "all" ? view.alphas.map((_, index) => index) : [view.alphaIndex];
  const order = shown.map((alpha) => tileAt(axes, { sample, alpha }));
  const at = alphaText(view.alphas[view.alphaIndex] ?? 0);
  const words = mode === "all" ? "all α" : `α ${at}`;
  return html`${tilesTemplate(session, {
    tag: tagOf(run, "interior_gradients", view.input),
    run,
    part: "interior",
    label: `interior gradient at ${words}, ${sampleName(view, sample)}, run ${run.run.name}`,
    sample,
    tiles: interior.tiles,
    order,
    layout: layout.interior,
    colouring: view.colouring,
    range: run.range,
    selected: mode === "all" ? view.alphaIndex : -1,
    pick: mode === "all" ? context.pickAlpha : null,
  })}${otherMoment(context, interior)}`;
}

function spreadCell(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  spread: Part,
  sample: number,
): unknown {
  if (spread.status !== "ready") return partWords(spread, session);
  const { theme } = session.state.value;
  return tilesTemplate(session, {
    tag: tagOf(run, "spread", view.input),
    run,
    part: "spread",
    label: `spread over baselines, ${sampleName(view, sample)}, run ${run.run.name}`,
    sample,
    tiles: spread.tiles,
    order: [sample],
    layout: layout.map,
    colouring: chooseColouring("auto", "non_negative", 1, theme),
    range: view.spreadRange,
  });
}

function baselineCell(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  baselines: Part,
  sample: number,
): unknown {
  if (baselines.status !== "ready") return partWords(baselines, session);
  if (layout.baselines === null) return nothing;
  const { tiles } = baselines;
  const axes = gridAxes(tiles.header);
  const count = axes.find(({ name }) => name === "baseline")?.size ?? 1;
  // Where the baseline is the same for all samples, it is logged once.
  const at = samplesOf(tiles) === 1 ? 0 : sample;
  const colouring = chooseColouring(
    "auto",
    tiles.header.meaning,
    tiles.shape.channels,
    session.state.value.theme,
  );
  return tilesTemplate(session, {
    tag: tagOf(run, "baselines", view.input),
    run,
    part: "baseline",
    label: `baseline, ${sampleName(view, sample)}, run ${run.run.name}`,
    sample,
    tiles,
    order: Array.from({ length: count }, (_, baseline) => tileAt(axes, { baseline, sample: at })),
    layout: layout.baselines,
    colouring,
    range: rangeOfExtremes([extremesOf(tiles)], colouring.rule),
  });
}

/** F along the path of a sample; null where it is not here. */
function curveOf(path: Part, sample: number): PathCurve | null {
  if (path.status !== "ready" || sample >= samplesOf(path.record)) return null;
  const { record } = path;
  const { width } = record.shape;
  const labels = record.header.axes.at(-1)?.labels;
  const { payload } = record;
  if (payload.precision !== "float32") return null;
  const alphas = Array.from({ length: width }, (_, index) =>
    Number(labels?.[index] ?? index / Math.max(1, width - 1)),
  );
  return { alphas, values: [...payload.values.subarray(sample * width, (sample + 1) * width)] };
}

function tagOf(run: AttributionRun, part: string, input: string): string {
  const own = `attributions/${part}`;
  const named = `${own}/${input}`;
  return run.run.tags.some(({ tag }) => tag === named) ? named : own;
}

// Where TensorBoard has kept other steps of this part than of the maps, it says which.
function otherMoment({ session }: RowContext, part: Part): TemplateResult | typeof nothing {
  if (part.status !== "ready" || part.other === null) return nothing;
  const text = momentText(part.other, session.derived.axis);
  const title = `Of ${text}: this part of the step of the maps is not here`;
  return html`<span class="chip amber elsewhere" data-testid="other-step" title=${title}>of ${text}</span>`;
}

export function partWords(
  part: Exclude<Part, { status: "ready" }>,
  session: Session,
): TemplateResult {
  if (part.status === "pending") return html`<div class="skeleton"></div>`;
  if (!part.isError) return wordsTemplate(part.message);
  return html`<div class="told red" data-testid="error" title=${part.message}>
    <span>${part.message}</span>
    <button class="button" @click=${() => session.records.retryFailed()}>Retry</button>
  </div>`;
}

function wordsTemplate(text: string): TemplateResult {
  return html`<div class="told" data-testid="told" title=${text}><span>${text}</span></div>`;
}

interface TilesOptions {
  readonly tag: string;
  readonly run: AttributionRun;
  readonly part: string;
  readonly label: string;
  readonly sample: number;
  readonly tiles: Tiles;
  readonly order: readonly number[];
  readonly layout: GridLayout;
  readonly colouring: Colouring;
  readonly range: Range | null;
  readonly overlaid?: Overlaid;
  readonly selected?: number;
  readonly pick?: ((tile: number) => void) | null;
}

function tilesTemplate(session: Session, options: TilesOptions): TemplateResult {
  const { display, theme } = session.state.value;
  return html`<nnviz-attribution-tiles
    .session=${session}
    .tag=${options.tag}
    .run=${options.run.run.run}
    .runName=${options.run.run.name}
    .column=${options.part}
    .label=${options.label}
    .sample=${options.sample}
    .tiles=${options.tiles}
    .order=${options.order}
    .layout=${options.layout}
    .colouring=${options.colouring}
    .range=${options.range}
    .overlaid=${options.overlaid ?? null}
    .selected=${options.selected ?? -1}
    .pick=${options.pick ?? null}
    .outlines=${display.outlines}
    .smooth=${display.smooth}
    .theme=${theme}
  ></nnviz-attribution-tiles>`;
}
