/**
 * The boxes, frames and lines of a graph as SVG. Templates of one moment; must not hold state nor know what is looked
 * at.
 */
import { html, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import {
  BAND,
  BOX_PADDING,
  boxTexts,
  CHIP_GAP,
  FOLD_BUTTON,
  LABEL_HEIGHT,
  LABEL_LETTER,
  LINES_HEIGHT,
} from "../model/graph_box.js";
import { FRAME_TITLE, type GraphBox, type GraphLine } from "../model/graph_frames.js";
import type { Way } from "../model/graph_walk.js";
import { nodeName, nodeWords } from "../model/graph_words.js";
import type { Category, GraphNode } from "../model/record.js";
import { linePath } from "../render/graph_paths.js";
import { CATEGORY_SIGNS, type Outline } from "../render/graph_signs.js";

/** What can be done with a node, and how it stands out. */
export interface NodeContext {
  readonly isSelected: (node: GraphNode) => boolean;
  readonly isMatched: (node: GraphNode) => boolean;
  readonly select: (node: GraphNode) => void;
  readonly fold: (node: GraphNode) => void;
  /** True for the one that Tab goes to; keys lead from it to the others. */
  readonly isStop: (node: GraphNode) => boolean;
  readonly walk: (node: GraphNode, way: Way) => void;
  /** Null where the pointer has left. */
  readonly point: (node: GraphNode | null) => void;
}

/** Between the box and what rings it. */
const RING = 4;
const SECOND = 3;
const SIGN = 16;

/** A box, or the frame of a model that is unfolded; with the button that folds it. */
export function nodeTemplate(box: GraphBox, context: NodeContext): TemplateResult {
  const { node, left, top, isOpen, isFoldable } = box;
  const isSelected = context.isSelected(node);
  const kinds = [
    "node",
    ...(isOpen ? ["open"] : []),
    ...(isSelected ? ["selected"] : []),
    ...(context.isMatched(node) ? ["matched"] : []),
  ];
  // What is pressed holds no text, and lies below what is seen: its words are its label.
  return svg`<g transform=${`translate(${left} ${top})`}>
    <g
      class=${kinds.join(" ")}
      data-testid="graph-node"
      data-path=${node.path}
      data-category=${node.category}
      style=${styleMap({ "--colour": CATEGORY_SIGNS[node.category].colour })}
    >
      <rect
        class="hit"
        role="button"
        tabindex=${context.isStop(node) ? 0 : -1}
        aria-pressed=${isSelected}
        aria-label=${isFoldable ? `${nodeWords(node)}; Space ${isOpen ? "folds" : "unfolds"} it` : nodeWords(node)}
        width=${box.width}
        height=${isOpen ? FRAME_TITLE : box.height}
        @click=${() => context.select(node)}
        @keydown=${nodeKeys(box, context)}
        @pointerenter=${() => context.point(node)}
        @pointerleave=${() => context.point(null)}
        @focus=${() => context.point(node)}
        @blur=${() => context.point(null)}
      ></rect>
      <g class="visual" aria-hidden="true">${isOpen ? frame(box) : closedBox(box)}</g>
    </g>
    ${isFoldable ? foldButton(box, context) : nothing}
  </g>` as TemplateResult;
}

const WAYS: Readonly<Record<string, Way>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
  PageUp: "before",
  PageDown: "after",
};

function pressing(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}

function nodeKeys({ node, isFoldable }: GraphBox, context: NodeContext) {
  return (event: KeyboardEvent): void => {
    const { key, altKey, ctrlKey, metaKey } = event;
    const way = WAYS[key];
    if (altKey || ctrlKey || metaKey || (way === undefined && key !== "Enter" && key !== " "))
      return;
    // Elsewhere these go through time, or move the drawing.
    event.preventDefault();
    event.stopPropagation();
    if (way !== undefined) context.walk(node, way);
    else if (key === " " && isFoldable) context.fold(node);
    else context.select(node);
  };
}

function outlineRect(
  { width, height }: GraphBox,
  { radius, dash }: Outline,
  inset: number,
  kind: string,
): TemplateResult {
  return svg`<rect
    class=${kind}
    x=${inset}
    y=${inset}
    width=${width - 2 * inset}
    height=${height - 2 * inset}
    rx=${Math.max(0, Math.min(radius, height / 2) - inset)}
    stroke-dasharray=${dash || nothing}
  ></rect>` as TemplateResult;
}

// The band has the box's rounded corners on its left side.
function bandPath(height: number, radius: number): string {
  const r = Math.min(radius, BAND, height / 2);
  return `M${BAND} 0V${height}H${r}A${r} ${r} 0 0 1 0 ${height - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
}

function closedBox(box: GraphBox): TemplateResult {
  const { node, width, height } = box;
  const { outline, sign } = CATEGORY_SIGNS[node.category];
  const { name, type, shape, parameters, chips } = boxTexts(node);
  const x = BAND + BOX_PADDING;
  const right = width - BOX_PADDING - Math.min(6, outline.radius / 4);
  let chipX = x;
  return svg`
    <rect class="ring" x=${-RING} y=${-RING} width=${width + 2 * RING} height=${height + 2 * RING}
      rx=${outline.radius + RING}></rect>
    ${outlineRect(box, outline, 0, "body")}
    <path class="band" d=${bandPath(height, outline.radius)}></path>
    ${outline.isDouble ? outlineRect(box, outline, SECOND, "second") : nothing}
    <path class="sign" d=${sign}
      transform=${`translate(${(BAND - SIGN) / 2} ${(LINES_HEIGHT - SIGN) / 2})`}></path>
    <text class="name" x=${x} y="19">${name}</text>
    <text class="faint" x=${x} y="34.5">${type}</text>
    <text x=${x} y="50">${shape}</text>
    <text class="faint" x=${right} y="50" text-anchor="end">${parameters}</text>
    ${chips.map(({ text, kind, width: chipWidth }) => {
      const left = chipX;
      chipX += chipWidth + CHIP_GAP;
      return svg`<rect class="chip-box ${kind}" x=${left} y=${LINES_HEIGHT - 1} width=${chipWidth}
          height="15" rx="7.5"></rect>
        <text class="chip-text ${kind}" x=${left + chipWidth / 2} y=${LINES_HEIGHT + 10}
          text-anchor="middle">${text}</text>`;
    })}` as TemplateResult;
}

/** What an unfolded model lies on, below the lines. */
export function groundTemplate(box: GraphBox): TemplateResult {
  const { node, left, top } = box;
  const { outline, colour } = CATEGORY_SIGNS[node.category];
  return svg`<g
    class="ground"
    aria-hidden="true"
    transform=${`translate(${left} ${top})`}
    style=${styleMap({ "--colour": colour })}
  >${outlineRect(box, { ...outline, dash: "" }, 0, "inside")}</g>` as TemplateResult;
}

// The title hides the line that comes in from above.
function frame(box: GraphBox): TemplateResult {
  const { node, width, height } = box;
  const { outline, sign } = CATEGORY_SIGNS[node.category];
  const { name, type, parameters, shape } = boxTexts(node);
  const facts = [type, shape, parameters].filter((text) => text !== "").join(" · ");
  const title = `M0 ${FRAME_TITLE}V${outline.radius}a${outline.radius} ${outline.radius} 0 0 1 ${outline.radius} -${outline.radius}H${width - outline.radius}a${outline.radius} ${outline.radius} 0 0 1 ${outline.radius} ${outline.radius}V${FRAME_TITLE}Z`;
  return svg`
    <rect class="ring" x=${-RING} y=${-RING} width=${width + 2 * RING} height=${height + 2 * RING}
      rx=${outline.radius + RING}></rect>
    <path class="title" d=${title}></path>
    <path class="band" d=${bandPath(FRAME_TITLE, outline.radius)}></path>
    <path class="sign" d=${sign}
      transform=${`translate(${(BAND - SIGN) / 2} ${(FRAME_TITLE - SIGN) / 2})`}></path>
    <text class="name" x=${BAND + BOX_PADDING} y="15">${name}</text>
    <text class="faint" x=${BAND + BOX_PADDING} y="28">${facts}</text>` as TemplateResult;
}

const PLUS = "M8 4v8M4 8h8";
const MINUS = "M4 8h8";

function foldButton({ node, width, isOpen }: GraphBox, context: NodeContext): TemplateResult {
  const x = width - FOLD_BUTTON + 1;
  return svg`<g
    class="fold-model"
    role="button"
    tabindex="-1"
    aria-expanded=${isOpen}
    aria-label=${`${isOpen ? "Fold" : "Unfold"} ${nodeName(node)}`}
    data-testid="fold-model"
    data-path=${node.path}
    transform=${`translate(${x} 8)`}
    @click=${() => context.fold(node)}
    @keydown=${pressing(() => context.fold(node))}
  >
    <rect class="ring" x="-3" y="-3" width="22" height="22" rx="6"></rect>
    <rect width="16" height="16" rx="4"></rect>
    <path d=${isOpen ? MINUS : PLUS}></path>
  </g>` as TemplateResult;
}

/** A line with its arrow and the calls that it stands for; `isNear`: of the node that is pointed at. */
export function lineTemplate(line: GraphLine, isNear: boolean): TemplateResult {
  const kind = isNear ? "near" : "";
  return svg`<path
    class="line ${kind}"
    data-source=${line.source}
    data-target=${line.target}
    d=${linePath(line)}
    marker-end=${line.hasArrow ? `url(#${isNear ? "arrow-near" : "arrow"})` : nothing}
  ></path>` as TemplateResult;
}

export function labelTemplate({ label, labelAt }: GraphLine): TemplateResult | typeof nothing {
  if (labelAt === null || label === "") return nothing;
  const width = label.length * LABEL_LETTER + 6;
  return svg`<rect
      class="line-label-box"
      x=${labelAt.x - width / 2}
      y=${labelAt.y - LABEL_HEIGHT / 2}
      width=${width}
      height=${LABEL_HEIGHT}
      rx="4"
    ></rect>
    <text class="line-label" data-testid="graph-call" x=${labelAt.x} y=${labelAt.y + 4}>${label}</text>` as TemplateResult;
}

/** The heads of arrows, once for all lines. */
export const ARROWS = svg`<defs>
  ${["", "near"].map(
    (
      kind,
    ) => svg`<marker id=${kind === "" ? "arrow" : "arrow-near"} viewBox="0 0 10 10" refX="9" refY="5"
      markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
      <path class="arrow ${kind}" d="M0 0.8 10 5 0 9.2z"></path>
    </marker>`,
  )}
</defs>` as TemplateResult;

/** The sign of a category alone, on its colour. */
export function signTemplate(category: Category): TemplateResult {
  const { colour, sign, outline } = CATEGORY_SIGNS[category];
  return html`<svg viewBox="-1 -1 18 18" class="sign-box" aria-hidden="true">
    <rect width="16" height="16" rx=${Math.min(8, outline.radius)} style=${styleMap({ fill: colour })}></rect>
    <path class="sign" d=${sign} transform="translate(1.6 1.6) scale(0.8)"></path>
  </svg>`;
}
