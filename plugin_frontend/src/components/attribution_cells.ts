/**
 * The pictures of a card of attributions: of one sample of a run its map, overlay, interior gradients, spread, baselines;
 * or the words that stand in their place. Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { ALPHA, alphaFraction, alphasOf, alphaText } from "../model/alphas.js";
import type { CardLayout } from "../model/attribution_layout.js";
import { type Colouring, chooseColouring } from "../model/colours.js";
import type { GridLayout } from "../model/layout.js";
import { extremesOf, type Range, rangeOfExtremes } from "../model/ranges.js";
import { momentText } from "../model/steps.js";
import { tileAt } from "../model/summed_tiles.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import type { Overlaid } from "../render/paint_overlay.js";
import { type Part, samplesOf } from "../state/attribution_parts.js";
import type { AttributionRun, AttributionView } from "../state/attribution_view.js";
import type { Session } from "../state/session.js";

/** What all rows of a card have in common. */
export interface RowContext {
  readonly session: Session;
  readonly view: AttributionView;
  readonly layout: CardLayout;
  readonly pickAlpha: (tile: number) => void;
}

/** What a sample is called. */
export function sampleName({ labels }: AttributionView, sample: number): string {
  const label = labels?.[sample];
  return label === undefined ? `sample ${sample}` : `sample ${sample} · ${label}`;
}

/** Of a sample with several channels or slices, the one in the middle. */
export function pictureTile(tiles: Tiles, sample: number): number {
  const each = tiles.shape.tiles / Math.max(1, samplesOf(tiles));
  return sample * each + Math.floor(each / 2);
}

/** The sample itself. */
export function inputPicture({ session, view, layout }: RowContext, sample: number): unknown {
  const { pictures, picturesTag, runs } = view;
  const [first] = runs;
  if (pictures.status !== "ready") return partWords(pictures, session);
  if (layout.input === null || first === undefined) return nothing;
  const { tiles } = pictures;
  if (sample >= samplesOf(tiles)) return wordsTemplate("this sample is not among those logged");
  return tilesTemplate(session, {
    tag: picturesTag,
    run: first,
    part: "input",
    label: `input, ${sampleName(view, sample)}`,
    sample,
    tiles,
    order: [pictureTile(tiles, sample)],
    layout: layout.input,
    ...coloursOfPictures(tiles, session),
  });
}

export function mapPicture(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  sample: number,
): unknown {
  const { maps } = run;
  if (maps.status !== "ready") return partWords(maps, session);
  return (
    insteadOfMap(maps.tiles, view, sample) ??
    tilesTemplate(session, {
      ...ofRun("map", "integrated_gradients", "attribution", view, run, sample),
      tiles: maps.tiles,
      order: [sample],
      layout: layout.map,
      colouring: view.colouring,
      range: run.range,
    })
  );
}

/** Nothing where there is no map, which says so itself. */
export function overlayPicture(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  sample: number,
): unknown {
  const { maps } = run;
  const { pictures } = view;
  const { theme, attributionDisplay } = session.state.value;
  const { overlay } = attributionDisplay;
  if (maps.status !== "ready" || pictures.status !== "ready" || overlay === "off") return nothing;
  if (insteadOfMap(maps.tiles, view, sample) !== null) return nothing;
  if (sample >= samplesOf(pictures.tiles)) return nothing;
  const overlaid: Overlaid = {
    kind: overlay,
    maps: maps.tiles,
    tile: sample,
    range: run.range ?? ownRange(maps.tiles, sample),
    pictures: pictures.tiles,
    sample,
    theme,
  };
  return tilesTemplate(session, {
    ...ofRun("overlay", "integrated_gradients", "attribution over the input", view, run, sample),
    tiles: maps.tiles,
    order: [sample],
    layout: layout.map,
    colouring: view.colouring,
    range: run.range,
    overlaid,
  });
}

/** At the α that is shown, or at all of them. */
export function interiorPicture(context: RowContext, run: AttributionRun, sample: number): unknown {
  const { session, view, layout } = context;
  const { interior } = run;
  if (interior.status !== "ready") return partWords(interior, session);
  const { tiles } = interior;
  const isAll = session.state.value.attributionDisplay.alphas === "all";
  const axes = gridAxes(tiles.header);
  const own = alphasOf(axes.find(({ name }) => name === ALPHA));
  if (layout.interior === null || own === null) return wordsTemplate("the record names no α");
  const instead = insteadOfMap(tiles, view, sample);
  if (instead !== null) return instead;
  const shown = view.alphas.filter((_, index) => isAll || index === view.alphaIndex);
  // Another run may have been asked for other places of the path.
  const indices = shown.map((alpha) => own.indexOf(alpha));
  if (indices.includes(-1))
    return wordsTemplate(`not logged at this α, but at ${own.map(alphaFraction).join(", ")}`);
  const at = isAll ? "all α" : `α ${alphaText(shown[0] ?? 0)}`;
  const label = `interior gradient at ${at}`;
  return html`${tilesTemplate(session, {
    ...ofRun("interior", "interior_gradients", label, view, run, sample),
    tiles,
    order: indices.map((alpha) => tileAt(axes, { sample, alpha })),
    layout: layout.interior,
    colouring: view.colouring,
    range: run.range,
    selected: isAll ? view.alphaIndex : -1,
    pick: isAll ? context.pickAlpha : null,
  })}${otherMoment(session, interior)}`;
}

export function spreadPicture(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  sample: number,
): unknown {
  const { spread } = run;
  if (spread === null) return wordsTemplate("not logged in this run");
  if (spread.status !== "ready") return partWords(spread, session);
  const instead = insteadOfMap(spread.tiles, view, sample);
  if (instead !== null) return instead;
  return html`${tilesTemplate(session, {
    ...ofRun("spread", "spread", "spread over baselines", view, run, sample),
    tiles: spread.tiles,
    order: [sample],
    layout: layout.map,
    colouring: chooseColouring("auto", "non_negative", 1, session.state.value.theme),
    range: view.spreadRange,
  })}${otherMoment(session, spread)}`;
}

export function baselinePicture(
  { session, view, layout }: RowContext,
  run: AttributionRun,
  sample: number,
): unknown {
  const { baselines } = run;
  if (baselines === null) return wordsTemplate("one constant value");
  if (baselines.status !== "ready") return partWords(baselines, session);
  const { tiles } = baselines;
  if (layout.baselines === null || !hasSizeOf(tiles, view)) return otherSize(tiles);
  const axes = gridAxes(tiles.header);
  const count = axes.find(({ name }) => name === "baseline")?.size ?? 1;
  // Where the baseline is the same for all samples, it is logged once.
  const at = samplesOf(tiles) === 1 ? 0 : sample;
  return tilesTemplate(session, {
    ...ofRun("baseline", "baselines", "baseline", view, run, sample),
    tiles,
    order: Array.from({ length: count }, (_, baseline) => tileAt(axes, { baseline, sample: at })),
    layout: layout.baselines,
    ...coloursOfPictures(tiles, session),
  });
}

/** Where TensorBoard has kept another step of this part than of the maps, it says which. */
export function otherMoment(session: Session, part: Part): TemplateResult | typeof nothing {
  if (part.status !== "ready" || part.other === null) return nothing;
  const text = momentText(part.other, session.derived.axis);
  const title = `Of ${text}: this part of the step of the maps is not here`;
  return html`<span class="chip amber elsewhere" data-testid="other-step" title=${title}>of ${text}</span>`;
}

export function partWords(
  part: Exclude<Part, { readonly status: "ready" }>,
  session: Session,
): TemplateResult {
  if (part.status === "pending") return html`<div class="skeleton"></div>`;
  if (!part.isError) return wordsTemplate(part.message);
  return html`<div class="told red" data-testid="error" title=${part.message}>
    <span>${part.message}</span>
    <button class="button" @click=${() => session.retryFailed()}>Retry</button>
  </div>`;
}

export function wordsTemplate(text: string): TemplateResult {
  return html`<div class="told" data-testid="told" title=${text}><span>${text}</span></div>`;
}

// What all maps of a card must have to stand in its layout; null where they do.
function insteadOfMap(tiles: Tiles, view: AttributionView, sample: number): TemplateResult | null {
  if (sample >= samplesOf(tiles)) return wordsTemplate("this sample is not logged in this run");
  return hasSizeOf(tiles, view) ? null : otherSize(tiles);
}

function hasSizeOf({ shape }: Tiles, { first }: AttributionView): boolean {
  return shape.height === first?.shape.height && shape.width === first.shape.width;
}

function otherSize({ shape: { height, width } }: Tiles): TemplateResult {
  return wordsTemplate(`${height}×${width}: another size than the first run’s maps`);
}

function ownRange({ statistics }: Tiles, tile: number): Range {
  const of = (name: "min" | "max"): number => statistics.get(name)?.[tile] ?? NaN;
  return rangeOfExtremes([{ min: of("min"), max: of("max") }], "symmetric");
}

// Pictures keep the colours that they have, whatever is chosen for maps.
function coloursOfPictures(
  tiles: Tiles,
  { state }: Session,
): { readonly colouring: Colouring; readonly range: Range } {
  const { meaning } = tiles.header;
  const colouring = chooseColouring("auto", meaning, tiles.shape.channels, state.value.theme);
  return { colouring, range: rangeOfExtremes([extremesOf(tiles)], colouring.rule) };
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

function ofRun(
  part: string,
  name: string,
  words: string,
  view: AttributionView,
  run: AttributionRun,
  sample: number,
): Pick<TilesOptions, "tag" | "run" | "part" | "label" | "sample"> {
  const own = `attributions/${name}`;
  const ofInput = `${own}/${view.input}`;
  const tag = run.run.tags.some((entry) => entry.tag === ofInput) ? ofInput : own;
  const label = `${words}, ${sampleName(view, sample)}, run ${run.run.name}`;
  return { tag, run, part, label, sample };
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
