/**
 * The picture of a view of graphs: the whole drawing of every model, as it is folded on the screen. A module of its own,
 * because laying out takes much code. Joins layouts with their drawing; must not know records' stores.
 */

import type { Theme } from "../model/colours.js";
import { formatCount } from "../model/format.js";
import {
  BAND,
  BOX_PADDING,
  boxTexts,
  CHIP_GAP,
  LABEL_HEIGHT,
  LABEL_LETTER,
  LINES_HEIGHT,
} from "../model/graph_box.js";
import { FRAME_TITLE, type GraphBox, type GraphLine } from "../model/graph_frames.js";
import { categoryCounts, graphTotals } from "../model/graph_words.js";
import type {
  DrawingBody,
  Mark,
  PictureBody,
  PictureColumn,
  PictureContent,
} from "../model/picture_content.js";
import type { Category } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import { linePath } from "../render/graph_paths.js";
import { CATEGORY_SIGNS } from "../render/graph_signs.js";
import { rectPath } from "../render/picture_drawing.js";
import { LOOKS, type PictureLook } from "../render/picture_look.js";
import type { Snapshot } from "../state/export_reader.js";
import { drawingInPicture } from "../state/graph_card.js";
import { type GraphCard, graphView } from "../state/graph_view.js";
import type { Session } from "../state/session.js";

const SIGN = 16;
const SECOND = 3;
/** A page that is wider than high, for the better direction of what the screen has not drawn. */
const ROOM = { width: 1400, height: 900 };
/** The head of an arrow. */
const ARROW = 8;
/** Rings and rounded corners of boxes at the edge. */
const EDGE = 4;
/** Of the legend. */
const KIND_SIGN = 18;
const KIND_LETTER = 6.5;
const KIND_GAP = 16;

const CARE: Readonly<Record<Theme, readonly [fill: string, text: string]>> = {
  light: ["#fff1dc", "#8a5300"],
  dark: ["#46351a", "#ffc46b"],
};
const CHIP: Readonly<Record<Theme, string>> = { light: "#eef0f4", dark: "#36393f" };
const GROUND: Readonly<Record<Theme, string>> = { light: "#f5f6f8", dark: "#202124" };

export function graphContent(
  panel: PanelEntry,
  { state, derived }: Snapshot,
  session: Session,
): PictureContent {
  const view = graphView(panel, derived, (ref) => session.graphs.state(ref));
  const told = [
    ...view.failed.map(({ run, message }) => `${run.name}: ${message}`),
    ...view.absent.map(({ name }) => `${name} has logged no graph`),
  ];
  return {
    theme: state.theme,
    title: "graph",
    facts: view.cards.length > 1 ? `${view.cards.length} models` : "",
    legend: kindsLegend(view.cards, state.theme),
    columns: view.cards.map((card): PictureColumn => {
      const { layers, parameters } = graphTotals(card.graph);
      const [first] = card.runs;
      return {
        name: card.runs.map(({ name }) => name).join(", "),
        colour: state.runColours.get(first?.run ?? "") ?? "#888888",
        facts: `${formatCount(layers, "layer")} · ${formatCount(parameters, "parameter")}`,
        body: bodyOf(card, state.unfolded, state.graphDisplay, state.theme),
      };
    }),
    remarks: [...new Set([...view.cards.flatMap(({ graph }) => graph.notes), ...told])],
  };
}

/** The kinds of layers of all models, as the legend of the screen has them. */
function kindsLegend(cards: readonly GraphCard[], theme: Theme): DrawingBody {
  const nodes = cards.flatMap(({ graph }) => graph.nodes);
  const all = Object.keys(CATEGORY_SIGNS) as Category[];
  let left = 0;
  const marks = categoryCounts({ nodes }, all).flatMap(({ category }): readonly Mark[] => {
    const { words, colour, sign } = CATEGORY_SIGNS[category];
    const x = left;
    left += KIND_SIGN + 6 + words.length * KIND_LETTER + KIND_GAP;
    return [
      { mark: "path", x, y: 2, d: rectPath(0, 0, KIND_SIGN, KIND_SIGN, 3), fill: colour },
      { mark: "path", x: x + 2, y: 4, scale: 0.875, d: sign, stroke: "#ffffff", lineWidth: 1.6 },
      {
        mark: "text",
        text: words,
        x: x + KIND_SIGN + 6,
        y: 11,
        colour: LOOKS[theme].secondary,
        font: "small",
      },
    ];
  });
  return { kind: "drawing", width: Math.max(0, left - KIND_GAP), height: 22, marks };
}

function bodyOf(
  { graph }: GraphCard,
  unfolded: ReadonlySet<string>,
  display: Parameters<typeof drawingInPicture>[2],
  theme: Theme,
): PictureBody {
  const { layout } = drawingInPicture(graph, unfolded, display, ROOM);
  const look = LOOKS[theme];
  const open = layout.boxes.filter(({ isOpen }) => isOpen);
  const marks = [
    ...open.map((box) => ground(box, theme)),
    ...layout.lines.flatMap((line) => lineMarks(line, look)),
    ...layout.boxes.flatMap((box) =>
      box.isOpen ? frameMarks(box, look, theme) : boxMarks(box, look, theme),
    ),
    ...layout.lines.flatMap((line) => labelMarks(line, look)),
  ];
  return {
    kind: "drawing",
    width: Math.ceil(layout.width) + 2 * EDGE,
    height: Math.ceil(layout.height) + 2 * EDGE,
    marks: marks.map((mark) => ({ ...mark, x: (mark.x ?? 0) + EDGE, y: (mark.y ?? 0) + EDGE })),
  };
}

function ground({ node, left, top, width, height }: GraphBox, theme: Theme): Mark {
  const { colour, outline } = CATEGORY_SIGNS[node.category];
  return {
    mark: "path",
    x: left,
    y: top,
    d: rectPath(0, 0, width, height, outline.radius),
    fill: GROUND[theme],
    opacity: 0.6,
    stroke: colour,
    lineWidth: 1.5,
  };
}

function lineMarks(line: GraphLine, look: PictureLook): readonly Mark[] {
  const path: Mark = { mark: "path", d: linePath(line), stroke: look.mark, lineWidth: 1.4 };
  const [before, end] = [line.points.at(-2), line.points.at(-1)];
  if (!line.hasArrow || before === undefined || end === undefined) return [path];
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [dx, dy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const back = { x: end.x - ARROW * dx, y: end.y - ARROW * dy };
  const half = ARROW / 2;
  const head = `M${end.x} ${end.y}L${back.x - half * dy} ${back.y + half * dx}L${back.x + half * dy} ${back.y - half * dx}z`;
  return [path, { mark: "path", d: head, fill: look.mark }];
}

function labelMarks({ label, labelAt }: GraphLine, look: PictureLook): readonly Mark[] {
  if (labelAt === null || label === "") return [];
  const width = label.length * LABEL_LETTER + 6;
  const { x, y } = labelAt;
  return [
    {
      mark: "path",
      d: rectPath(x - width / 2, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT, 4),
      fill: look.page,
    },
    { mark: "text", text: label, x, y, colour: look.secondary, font: "label", align: "center" },
  ];
}

// The band has the box's rounded corners on its left side.
function bandPath(height: number, radius: number): string {
  const r = Math.min(radius, BAND, height / 2);
  return `M${BAND} 0V${height}H${r}A${r} ${r} 0 0 1 0 ${height - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
}

function boxMarks(
  { node, left, top, width, height }: GraphBox,
  look: PictureLook,
  theme: Theme,
): readonly Mark[] {
  const { colour, outline, sign } = CATEGORY_SIGNS[node.category];
  const { name, type, shape, parameters, chips } = boxTexts(node);
  const x = left + BAND + BOX_PADDING;
  const right = left + width - BOX_PADDING - Math.min(6, outline.radius / 4);
  const inset = { x: left + SECOND, y: top + SECOND };
  let chipLeft = x;
  return [
    {
      mark: "path",
      x: left,
      y: top,
      d: rectPath(0, 0, width, height, outline.radius),
      fill: look.page,
      stroke: colour,
      lineWidth: 1.5,
      dash: outline.dash,
    },
    { mark: "path", x: left, y: top, d: bandPath(height, outline.radius), fill: colour },
    ...(outline.isDouble
      ? [
          {
            mark: "path",
            ...inset,
            d: rectPath(0, 0, width - 2 * SECOND, height - 2 * SECOND, outline.radius - SECOND),
            stroke: colour,
          } as const,
        ]
      : []),
    {
      mark: "path",
      x: left + (BAND - SIGN) / 2,
      y: top + (LINES_HEIGHT - SIGN) / 2,
      d: sign,
      stroke: "#ffffff",
      lineWidth: 1.6,
    },
    { mark: "text", text: name, x, y: top + 15, colour: look.ink, font: "strong" },
    { mark: "text", text: type, x, y: top + 30.5, colour: look.secondary, font: "small" },
    { mark: "text", text: shape, x, y: top + 46, colour: look.ink, font: "small" },
    {
      mark: "text",
      text: parameters,
      x: right,
      y: top + 46,
      colour: look.secondary,
      font: "small",
      align: "right",
    },
    ...chips.flatMap(({ text, kind, width: chipWidth }): readonly Mark[] => {
      const [fill, colourOfText] = kind === "care" ? CARE[theme] : [CHIP[theme], look.secondary];
      const chip: readonly Mark[] = [
        { mark: "path", d: rectPath(chipLeft, top + LINES_HEIGHT - 1, chipWidth, 15, 7.5), fill },
        {
          mark: "text",
          text,
          x: chipLeft + chipWidth / 2,
          y: top + LINES_HEIGHT + 7,
          colour: colourOfText,
          font: "label",
          align: "center",
        },
      ];
      chipLeft += chipWidth + CHIP_GAP;
      return chip;
    }),
  ];
}

function frameMarks(
  { node, left, top, width }: GraphBox,
  look: PictureLook,
  theme: Theme,
): readonly Mark[] {
  const { colour, outline, sign } = CATEGORY_SIGNS[node.category];
  const { name, type, parameters, shape } = boxTexts(node);
  const facts = [type, shape, parameters].filter((words) => words !== "").join(" · ");
  const r = outline.radius;
  const title = `M0 ${FRAME_TITLE}V${r}a${r} ${r} 0 0 1 ${r} -${r}H${width - r}a${r} ${r} 0 0 1 ${r} ${r}V${FRAME_TITLE}Z`;
  const x = left + BAND + BOX_PADDING;
  return [
    { mark: "path", x: left, y: top, d: title, fill: CHIP[theme], stroke: colour, lineWidth: 1.5 },
    { mark: "path", x: left, y: top, d: bandPath(FRAME_TITLE, r), fill: colour },
    {
      mark: "path",
      x: left + (BAND - SIGN) / 2,
      y: top + (FRAME_TITLE - SIGN) / 2,
      d: sign,
      stroke: "#ffffff",
      lineWidth: 1.6,
    },
    { mark: "text", text: name, x, y: top + 11, colour: look.ink, font: "strong" },
    { mark: "text", text: facts, x, y: top + 24, colour: look.secondary, font: "label" },
  ];
}
