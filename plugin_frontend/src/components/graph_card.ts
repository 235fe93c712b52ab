/**
 * One model: what it has in numbers, its graph to move about in, or the table of its layers. A node that is chosen is
 * the layer filter of all views. Must not lay out or fetch.
 */
import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { styleMap } from "lit/directives/style-map.js";
import type { BoxSize } from "../model/graph_box.js";
import type { GraphDisplay } from "../model/graph_display.js";
import { unfoldedKey } from "../model/graph_tree.js";
import { showing, toRoom, type Viewport } from "../model/graph_viewport.js";
import { nextBox } from "../model/graph_walk.js";
import { nodeFacts } from "../model/graph_words.js";
import { filterOfLayer, type LayerFilter, matchesNode } from "../model/layer_filter.js";
import type { GraphNode } from "../model/record.js";
import { drawingOnScreen, type GraphDrawing, viewportOf } from "../state/graph_card.js";
import type { GraphCard } from "../state/graph_view.js";
import type { Session } from "../state/session.js";
import { choiceStyles } from "./choices.js";
import { focusInstead, focusNode, isFocusInside, showChosenRow } from "./graph_focus.js";
import { headerTemplate, legendTemplate } from "./graph_header.js";
import { GraphMotion } from "./graph_motion.js";
import {
  ARROWS,
  groundTemplate,
  labelTemplate,
  lineTemplate,
  type NodeContext,
  nodeTemplate,
} from "./graph_nodes.js";
import { graphStyles } from "./graph_styles.js";
import { tableTemplate } from "./graph_table.js";
import type { NodeTip } from "./graph_tooltip.js";
import { panelStyles } from "./panel_styles.js";
import { shared } from "./tokens.js";

export class NnvizGraphCard extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    card: { attribute: false },
    display: { attribute: false },
    unfolded: { attribute: false },
    filter: { attribute: false },
    runColours: { attribute: false },
    viewport: { state: true },
    room: { state: true },
    pointed: { state: true },
    stop: { state: true },
  };

  static override readonly styles = [shared, panelStyles, choiceStyles, graphStyles];

  declare session: Session;
  declare card: GraphCard;
  declare display: GraphDisplay;
  declare unfolded: ReadonlySet<string>;
  declare filter: LayerFilter;
  declare runColours: ReadonlyMap<string, string>;
  /** What is looked at while it moves; null when it rests. */
  declare viewport: Viewport | null;
  /** Of the drawing, in CSS pixels; null until it has been measured. */
  declare room: BoxSize | null;
  declare pointed: GraphNode | null;
  /** The path of the node that had the focus last. */
  declare stop: string | null;

  #drawing: GraphDrawing | null = null;
  #layoutTime = 0;
  /** True while what has the focus is being replaced. */
  #wasFocused = false;
  #resizes: ResizeObserver | null = null;
  #measured: Element | null = null;
  /** A model that was just folded or unfolded stays where it is. */
  #kept: { readonly path: string; readonly before: GraphDrawing } | null = null;

  readonly #motion = new GraphMotion({
    viewport: () => this.#viewport(),
    size: () => this.#drawing?.layout ?? { width: 1, height: 1 },
    room: () => this.room ?? { width: 1, height: 1 },
    move: (viewport) => {
      this.viewport = viewport;
      this.requestUpdate();
    },
    rest: (viewport) => this.#keep(viewport),
  });

  constructor() {
    super();
    this.viewport = null;
    this.room = null;
    this.pointed = null;
    this.stop = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#motion.stop();
    this.#resizes?.disconnect();
    this.#resizes = null;
    this.#measured = null;
  }

  get #key(): string {
    return this.card.runs[0]?.run ?? "";
  }

  #viewport(): Viewport {
    const room = this.room ?? { width: 1, height: 1 };
    if (this.viewport !== null) return this.viewport;
    const chosen = this.display.viewports.get(this.#key);
    return this.#drawing === null
      ? { zoom: 1, x: 0, y: 0 }
      : viewportOf(this.#drawing, chosen, room, this.filter.path);
  }

  #keep(viewport: Viewport): void {
    const viewports = new Map(this.display.viewports).set(this.#key, viewport);
    this.viewport = null;
    this.session.looks.setGraphDisplay({ viewports });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const shown = changed.get("display") as GraphDisplay | undefined;
    if (shown !== undefined && shown.form !== this.display.form)
      this.#wasFocused = isFocusInside(this.renderRoot);
    if (changed.has("display") && this.viewport !== null && !this.#motion.isDragging) {
      const before = changed.get("display") as GraphDisplay | undefined;
      // Of this card only: others move too.
      if (before?.viewports.get(this.#key) !== this.display.viewports.get(this.#key)) {
        this.#motion.stop();
        this.viewport = null;
      }
    }
    if (this.room === null || this.display.form !== "graph") return;
    const started = performance.now();
    const drawing = drawingOnScreen(this.card.graph, this.unfolded, this.display, this.room);
    if (drawing.layout === this.#drawing?.layout) return;
    this.#layoutTime = performance.now() - started;
    this.#drawing = drawing;
    this.#holdStill(drawing);
  }

  // Where a model is unfolded, its corner stays under the pointer.
  #holdStill(now: GraphDrawing): void {
    const kept = this.#kept;
    this.#kept = null;
    if (kept === null) return;
    const boxIn = ({ layout }: GraphDrawing) =>
      layout.boxes.find(({ node }) => node.path === kept.path);
    const [from, to] = [boxIn(kept.before), boxIn(now)];
    const room = this.room ?? { width: 1, height: 1 };
    const chosen = this.viewport ?? this.display.viewports.get(this.#key);
    if (from === undefined || to === undefined) return;
    const before = viewportOf(kept.before, chosen, room, this.filter.path);
    this.#motion.to({
      ...before,
      x: before.x + to.left - from.left,
      y: before.y + to.top - from.top,
    });
  }

  protected override render(): TemplateResult {
    const { card, display } = this;
    const name = card.runs.map((run) => run.name).join(", ");
    return html`<section tabindex="-1" aria-label=${`Graph of ${name}`} data-testid="graph" data-runs=${name}>
      ${this.#header()} ${display.form === "graph" ? legendTemplate(card.graph) : nothing}
      ${display.form === "graph" ? this.#viewportTemplate(name) : tableTemplate(card.graph, name, this.#context)}
    </section>`;
  }

  #header(): TemplateResult {
    const { card, unfolded, runColours, display, session } = this;
    const zoom = Math.round(100 * this.#viewport().zoom);
    const tools = display.form === "graph" ? { zoom, motion: this.#motion } : null;
    return headerTemplate({ card, unfolded, runColours, session, tools });
  }

  #viewportTemplate(name: string): TemplateResult {
    const motion = this.#motion;
    return html`<div
        class="viewport ${motion.isDragging ? "dragging" : ""}"
        role="group"
        tabindex="0"
        aria-label=${`Graph of ${name}. Arrow keys move it, plus and minus zoom, 0 shows all of it; Tab goes to its layers, arrow keys from one to another; as a table it can be read line by line`}
        data-testid="graph-viewport"
        data-layout-ms=${this.#layoutTime.toFixed(1)}
        data-zoom=${this.#viewport().zoom.toFixed(4)}
        data-direction=${this.#drawing?.direction ?? nothing}
        @keydown=${motion.onKey}
        @wheel=${{ handleEvent: motion.onWheel, passive: false }}
        @pointerdown=${motion.onDown}
        @pointermove=${motion.onMove}
        @pointerup=${motion.onUp}
        @pointercancel=${motion.onUp}
        @click=${{ handleEvent: motion.onClick, capture: true }}
        @focusin=${this.#onFocus}
      >
        ${this.#drawing === null ? nothing : this.#drawingTemplate(this.#drawing)}
      </div>
      <nnviz-graph-tooltip .tip=${this.#tip()}></nnviz-graph-tooltip>`;
  }

  // What moves is the drawing as a whole; it is made anew only when something in it is another.
  #drawingTemplate({ layout }: GraphDrawing): TemplateResult {
    const { zoom, x, y } = this.#viewport();
    const room = this.room ?? { width: 1, height: 1 };
    const left = room.width / 2 - x * zoom;
    const top = room.height / 2 - y * zoom;
    const style = { transform: `translate(${left}px, ${top}px) scale(${zoom})` };
    const near = this.pointed?.path ?? null;
    return html`<svg
      class="drawing ${this.viewport === null ? "" : "moving"}"
      width=${Math.ceil(layout.width)}
      height=${Math.ceil(layout.height)}
      style=${styleMap(style)}
    >
      ${ARROWS}
      ${guard([layout], () => layout.boxes.filter(({ isOpen }) => isOpen).map(groundTemplate))}
      ${guard(
        [layout, near],
        () => svg`<g aria-hidden="true">
        ${layout.lines.map((line) => lineTemplate(line, [line.source, line.target].includes(near ?? "")))}
      </g>`,
      )}
      ${guard([layout, this.filter, this.#stop()], () => layout.boxes.map((box) => nodeTemplate(box, this.#context)))}
      ${guard([layout], () => svg`<g>${layout.lines.map(labelTemplate)}</g>`)}
    </svg>`;
  }

  readonly #context: NodeContext = {
    isSelected: ({ path }) => this.filter.path === path,
    isMatched: (node) => matchesNode(this.filter, node),
    select: ({ path }) =>
      this.session.setLayerFilter(this.filter.path === path ? "" : filterOfLayer(path)),
    fold: ({ path }) => {
      if (this.#drawing !== null) this.#kept = { path, before: this.#drawing };
      this.session.folding.toggleUnfolded(unfoldedKey(path));
    },
    point: (node) => {
      this.pointed = node;
    },
    isStop: ({ path }) => path === this.#stop(),
    walk: ({ path }, way) => {
      const next = nextBox(this.#drawing?.layout.boxes ?? [], path, way);
      if (next !== null) focusNode(this.renderRoot, next);
    },
  };

  // The node that had the focus, else the chosen one, else the first.
  #stop(): string | null {
    const boxes = this.#drawing?.layout.boxes ?? [];
    const wanted = [this.stop, this.filter.path];
    const found = wanted.find((path) => boxes.some(({ node }) => node.path === path));
    return found ?? boxes[0]?.node.path ?? null;
  }

  #tip(): NodeTip | null {
    const { pointed, room } = this;
    const box = this.#drawing?.layout.boxes.find(({ node }) => node === pointed);
    const viewport = this.renderRoot.querySelector(".viewport");
    if (pointed === null || room === null || box === undefined || viewport === null) return null;
    if (this.#motion.isDragging) return null;
    const frame = viewport.getBoundingClientRect();
    const start = toRoom(this.#viewport(), room, { x: box.left, y: box.top });
    const end = toRoom(this.#viewport(), room, { x: box.left + box.width, y: box.top });
    return {
      heading: pointed.path,
      facts: nodeFacts(this.card.graph, pointed),
      left: frame.left + start.x,
      right: frame.left + end.x,
      top: frame.top + start.y,
    };
  }

  // What the keyboard goes to is brought into sight, where the pointer's own target is already.
  readonly #onFocus = (event: FocusEvent): void => {
    const target = event.target as HTMLElement | SVGElement;
    const path = target.closest<SVGElement>("[data-path]")?.dataset.path;
    const box = this.#drawing?.layout.boxes.find(({ node }) => node.path === path);
    if (path !== undefined) this.stop = path;
    if (box === undefined || this.room === null || !target.matches(":focus-visible")) return;
    const now = this.#viewport();
    const seen = box.isOpen ? { ...box, height: Math.min(box.height, 40) } : box;
    const moved = showing(now, this.room, seen);
    if (moved.x !== now.x || moved.y !== now.y) this.#motion.to(moved);
  };

  protected override updated(changed: PropertyValues<this>): void {
    if (this.#wasFocused) focusInstead(this.renderRoot);
    this.#wasFocused = false;
    const shown = changed.get("display") as GraphDisplay | undefined;
    const isOther = changed.has("display") && shown?.form !== this.display.form;
    if (isOther || changed.has("filter")) showChosenRow(this.renderRoot);
    const viewport = this.renderRoot.querySelector<HTMLElement>(".viewport");
    // Browsers scroll what has the focus into sight by themselves, and so would move the drawing twice.
    if (viewport !== null) {
      viewport.scrollTop = 0;
      viewport.scrollLeft = 0;
    }
    if (viewport === this.#measured) return;
    this.#resizes?.disconnect();
    this.#measured = viewport;
    if (viewport === null) return;
    this.#resizes = new ResizeObserver(() => this.#measure(viewport));
    this.#resizes.observe(viewport);
    this.#measure(viewport);
  }

  #measure({ clientWidth: width, clientHeight: height }: HTMLElement): void {
    if (width === 0 || height === 0) return;
    if (this.room?.width !== width || this.room.height !== height) this.room = { width, height };
  }
}
