/**
 * One tag: its header, and a grid for each run of the view side by side. Vectors and single numbers of one run stand
 * beside their title instead of below it. Renders only while it is in sight, so that a network of 150 layers scrolls smoothly; its last
 * height stays. While a step is on its way what was said of the last one stays with its tiles. Must not paint or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { barRoom } from "../model/class_bars.js";
import { COLUMN_GAP } from "../model/columns.js";
import type { Placement } from "../model/display.js";
import { tagPath } from "../model/facts.js";
import { arrangeGrid, shownPart } from "../model/grid_layout.js";
import { isLow, layoutLow, stripWidth } from "../model/low_panels.js";
import { type PanelColumns, panelColumns } from "../model/panel_columns.js";
import { guessPanel } from "../model/placeholder.js";
import { SAMPLE } from "../model/placement.js";
import type { PanelEntry } from "../model/runs.js";
import { gridAxes, isEmpty, type Tiles } from "../model/tiles.js";
import { hasRunRow } from "../state/columns_in_sight.js";
import { heldView, isAwaited } from "../state/held_view.js";
import { panelReads } from "../state/panel_reads.js";
import { type PanelView, panelPlacement, panelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";
import { controls } from "./controls.js";
import { exportButton } from "./export_events.js";
import { gridRoom, MAX_GRID_HEIGHT } from "./grid_room.js";
import { absentRuns } from "./layer_stage.js";
import { lowPanelStyles } from "./low_panel_styles.js";
import { columnOf } from "./panel_column.js";
import {
  coveredRuns,
  legend,
  panelFoldButton,
  remarks,
  titleAndFacts,
  titleAndFactsAlone,
} from "./panel_header.js";
import { panelStyles } from "./panel_styles.js";
import { PanelWatcher } from "./panel_watcher.js";
import { axisMenus, axisSliders, placementStyles } from "./placement_controls.js";
import { shared } from "./tokens.js";

const NO_FOLD = { shown: 0, all: 0, blocks: 1 };
/** A grid alone has at least this height, however low the screen is. */
const LEAST_STAGE = 160;

export class NnvizPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    panel: { attribute: false },
    width: { type: Number },
    stage: { attribute: false },
  };

  static override readonly styles = [
    shared,
    controls,
    panelStyles,
    lowPanelStyles,
    placementStyles,
  ];

  declare session: Session;
  declare panel: PanelEntry;
  /** Inner width in CSS pixels. */
  declare width: number;
  /** Height in CSS pixels for the grids of a panel that is shown alone; null among others. */
  declare stage: number | null;

  /** What is painted; null before anything is. */
  #last: { readonly key: string; readonly view: PanelView } | null = null;

  constructor() {
    super();
    this.stage = null;
    new PanelWatcher(this, {
      session: () => this.session,
      tag: () => this.panel.tag,
      records: ({ records }) => records.changes,
      reads: () => {
        const { state, derived, records, extremes } = this.session;
        return panelReads(this.panel, state.value, derived, (ref) => records.state(ref), extremes);
      },
    });
  }

  protected override render(): TemplateResult {
    const { session, panel } = this;
    const state = session.state.value;
    const isAlone = this.stage !== null;
    const open = isAlone || !state.collapsed.has(panel.tag);
    const view = this.#view(open);
    const isThin = open && !isAlone && isLow(panel);
    if (isThin && !hasRunRow(session.derived)) return this.#low(view);
    const context = { session, tag: panel.tag, view };
    return html`<section class=${isThin ? "thin" : ""} aria-label=${panel.tag}>
      <header class=${isAlone ? "open alone" : open ? "open" : ""}>
        ${isAlone ? nothing : panelFoldButton(context, open)}
        <div class="words">
          ${
            isAlone
              ? titleAndFactsAlone(session.derived.stage?.name ?? tagPath(panel.tag), context)
              : html`${titleAndFacts(context)} ${this.#axisMenus(view)}`
          }
          ${coveredRuns(context, this.#layout.covered)} ${remarks(context)}
        </div>
        ${legend(context)} ${exportButton(tagPath(panel.tag))}
      </header>
      ${open ? this.#body(view) : nothing}
    </section>`;
  }

  // Of a panel that is folded nothing is painted, and nothing awaited.
  #view(open: boolean): PanelView {
    const { panel } = this;
    const { state, derived, records, extremes } = this.session;
    const now = panelView(panel, state.value, derived, (ref) => records.state(ref), extremes);
    const { show } = now.display;
    const reference = show === "value" ? null : state.value.reference;
    const key = JSON.stringify([panel.tag, show, reference, now.columns.map(({ run }) => run.run)]);
    if (open && isAwaited(now))
      return this.#last?.key === key ? heldView(this.#last.view, now) : now;
    this.#last = open && now.loaded.length > 0 ? { key, view: now } : null;
    return now;
  }

  // Of one run, beside its title.
  #low(view: PanelView): TemplateResult {
    const { session, panel } = this;
    const context = { session, tag: panel.tag, view };
    const { stacked, title, aside, strip } = layoutLow(this.width);
    const columns = panelColumns(this.panel, session.derived.columns.runs, strip);
    const widths = {
      "--title": `${title}px`,
      "--runs": `${strip}px`,
      "--aside": `${aside}px`,
    };
    return html`<section
      class="low ${stacked ? "stacked" : ""}"
      aria-label=${panel.tag}
      style=${styleMap(widths)}
    >
      <header>
        ${panelFoldButton(context, true)}
        <div class="words">${titleAndFacts(context)} ${this.#axisMenus(view)}</div>
        ${exportButton(tagPath(panel.tag))}
      </header>
      <div class="aside">${remarks(context)} ${legend(context)}</div>
      <div class="runs">
        ${this.#axisSliders(view)} ${this.#columns(view, columns)} ${this.#showAll(view, strip)}
      </div>
    </section>`;
  }

  readonly #place = (placement: Placement): void =>
    this.session.looks.setPlacement(this.panel.tag, placement);

  // The sample is one choice for all panels, the places of other axes are this panel's own.
  readonly #slide = (placement: Placement, axis: string): void => {
    const sample = axis === SAMPLE ? placement.sliders.get(SAMPLE) : undefined;
    if (sample === undefined) this.#place(placement);
    else this.session.looks.setSample(sample);
  };

  #axisMenus({ loaded: [first] }: PanelView): unknown {
    return first === undefined || isEmpty(first)
      ? nothing
      : axisMenus(gridAxes(first.header), () => this.#placement(first), this.#place);
  }

  #axisSliders({ loaded: [first] }: PanelView): unknown {
    if (first === undefined) return this.#roomForSlider();
    return isEmpty(first)
      ? nothing
      : axisSliders(gridAxes(first.header), () => this.#placement(first), this.#slide);
  }

  // As chosen now, also while the tiles are those of another step.
  #placement(tiles: Tiles): Placement | null {
    const { state, derived } = this.session;
    return panelPlacement(this.panel, state.value, derived, tiles);
  }

  #body(view: PanelView): TemplateResult {
    const columns = this.#layout;
    const sliders = this.stage === null ? this.#axisSliders(view) : nothing;
    return html`${sliders} ${this.#columns(view, columns)}
    ${this.#showAll(view, columns.wide)} ${this.stage === null ? nothing : absentRuns(this.session)}`;
  }

  get #layout(): PanelColumns {
    return panelColumns(this.panel, this.session.derived.columns.runs, this.width);
  }

  #columns(view: PanelView, { count, width, wide, span, covered }: PanelColumns): TemplateResult {
    const grid = {
      "grid-template-columns": `repeat(${count}, ${width}px)`,
      gap: `${COLUMN_GAP}px`,
    };
    const { session } = this;
    const context = {
      session,
      tag: this.panel.tag,
      view,
      width: isLow(this.panel) ? stripWidth(wide) : wide,
      span,
      stage: this.#stage,
    };
    const named = hasRunRow(session.derived) ? "named" : "";
    return html`<div class="columns ${named}" style=${styleMap(grid)}>
      ${repeat(
        session.derived.columns.runs.filter((run) => !covered.includes(run)),
        ({ run }) => run,
        (run) => columnOf(context, run),
      )}
    </div>`;
  }

  get #stage(): number | null {
    return this.stage === null ? null : Math.max(LEAST_STAGE, this.stage);
  }

  #showAll(view: PanelView, width: number): TemplateResult | typeof nothing {
    const { tag } = this.panel;
    const { display, unfolded } = this.session.state.value;
    const isUnfolded = unfolded.has(tag);
    if (view.loaded.length === 0) return isUnfolded ? nothing : this.#roomForButton(width);
    const room = gridRoom(width, this.#stage);
    const here = view.columns.flatMap(({ painted, isInSight }) =>
      isInSight && painted?.status === "ready" ? [painted.tiles] : [],
    );
    const folds = here.map((tiles) => {
      const { placement, axisOrder, picture, classBars } = view;
      const bars = classBars === null ? null : barRoom(classBars.classes);
      const grid = arrangeGrid(tiles, placement, axisOrder, room, display, picture, bars);
      const { layout } = grid;
      const shown = shownPart(grid, room.height).tiles;
      return { shown, all: layout.tiles, blocks: layout.blocks };
    });
    const most = folds.reduce((a, b) => (b.all - b.shown > a.all - a.shown ? b : a), NO_FOLD);
    if (most === NO_FOLD) return nothing;
    // Every block is cut, so that several blocks show the first rows of each, not the first tiles.
    const which = most.blocks === 1 ? "The first " : "";
    const text = isUnfolded
      ? "Show fewer tiles"
      : `${which}${most.shown} of ${most.all} tiles. Show all`;
    return html`<button
      class="more"
      data-testid="fold"
      aria-expanded=${isUnfolded}
      @click=${() => this.session.folding.toggleUnfolded(tag)}
    >
      ${text}
    </button>`;
  }

  #roomForSlider(): TemplateResult | typeof nothing {
    const willSlide = this.panel.members.some(
      ({ entry }) => guessPanel(entry, this.width, MAX_GRID_HEIGHT).slid,
    );
    return willSlide ? html`<div class="axis-sliders"><label>&nbsp;</label></div>` : nothing;
  }

  // Before the first record is here, so that its coming moves nothing.
  #roomForButton(width: number): TemplateResult | typeof nothing {
    const willFold = this.panel.members.some(
      ({ entry }) => guessPanel(entry, width, MAX_GRID_HEIGHT).folded,
    );
    return willFold ? html`<div class="more room">&nbsp;</div>` : nothing;
  }
}
