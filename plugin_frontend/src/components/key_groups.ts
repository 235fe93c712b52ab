/** Every key of the screen, in the order of the help. Must not know how keys reach the screen. */
import {
  ALPHA_MODE_CHOICES,
  COLOUR_NAMES,
  HEIGHT_CHOICES,
  nextChoice,
  OVERLAY_CHOICES,
  PLOT_CHOICES,
  SAMPLE_SORT_CHOICES,
  SCALE_CHOICES,
  SHOW_CHOICES,
  SORT_CHOICES,
} from "../model/choices.js";
import { GRAPH_FORM_CHOICES } from "../model/graph_display.js";
import { moveAlpha } from "../state/alpha_steps.js";
import { showsAttributions } from "../state/derived.js";
import type { Session } from "../state/session.js";
import { sortTiles } from "../state/tile_choice.js";
import { cycle, inGrid, type KeyGroup } from "./key.js";
import {
  areAttributions,
  areColumns,
  areConfusions,
  areGraphs,
  areGrids,
  areHistograms,
  areLayers,
  arePanels,
  areRuns,
  areTiles,
  isTileOpen,
} from "./key_scopes.js";

const move = (offset: number) => (session: Session) =>
  session.timeline.goTo(session.derived.pointIndex + offset);

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    name: "Time",
    keys: [
      {
        keys: ["ArrowLeft", "ArrowRight"],
        written: ["←", "→"],
        says: "previous, next point",
        press: ({ session }, key) => move(key === "ArrowLeft" ? -1 : 1)(session),
      },
      {
        keys: ["Home", "End"],
        written: ["Home", "End"],
        says: "first, latest point",
        press: ({ session }, key) =>
          session.timeline.goTo(key === "Home" ? 0 : session.derived.points.length - 1),
      },
      {
        keys: [" "],
        written: ["Space"],
        says: "play, pause",
        press: ({ session }) => session.timeline.togglePlaying(),
      },
      {
        keys: ["l"],
        written: ["l"],
        says: "loop",
        press: ({ session }) => session.timeline.setLoop(!session.state.value.loop),
      },
      {
        keys: ["x"],
        written: ["x"],
        says: "pin this point, or let go of it",
        press: ({ session }) => session.pins.togglePoint(),
        // Graphs have no differences, and their only point is not that of the other views.
        applies: (session) => !areGraphs(session),
      },
      {
        keys: ["f"],
        written: ["f"],
        says: "follow the latest",
        press: ({ session }) =>
          session.timeline.setFollowing(session.state.value.position.at !== "latest"),
      },
    ],
  },
  {
    name: "Place",
    keys: [
      {
        keys: ["[", "]"],
        written: ["[", "]"],
        says: "previous, next panel; the layer before or after, where one at a time is shown",
        press: ({ session, goToPanel }, key) => {
          const offset = key === "[" ? -1 : 1;
          if (session.derived.stage === null) goToPanel(offset);
          else session.layers.move(offset);
        },
        applies: arePanels,
      },
      {
        keys: ["{", "}"],
        written: ["{", "}"],
        says: "column of the previous, next run",
        press: ({ goToRun }, key) => goToRun(key === "{" ? -1 : 1),
        applies: areRuns,
      },
      // The name that has the focus listens to these itself.
      { ...inGrid(["<", ">"], "on a run’s name: move its column"), applies: areColumns },
      {
        keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        written: ({ derived }) => ["1", "…", String(Math.min(9, derived.views.size))],
        says: "view of that number",
        applies: ({ derived }) => derived.views.size > 1,
        press: ({ session }, key) => {
          const view = [...session.derived.views.keys()][Number(key) - 1];
          if (view !== undefined) session.setView(view);
        },
      },
      {
        keys: ["/"],
        written: ["/"],
        says: "filter layers",
        press: ({ focusFilter }) => focusFilter("layers"),
      },
      {
        keys: ["u"],
        written: ["u"],
        applies: areTiles,
        says: "find a unit; Enter goes to the next panel that has it",
        press: ({ focusFilter }) => focusFilter("tiles"),
      },
      {
        keys: ["r"],
        written: ["r"],
        says: "filter runs",
        press: ({ focusFilter }) => focusFilter("runs"),
      },
      {
        keys: ["Escape"],
        written: ["Esc"],
        says: "empty a filter, once more: leave it; close the tile in the large; let go of the outlined tile or cell",
        press: ({ session }) => {
          if (session.state.value.opened !== null) {
            session.openTile(null);
            return;
          }
          session.pinned.set(null);
          if (session.state.value.confusionDisplay.pinned !== null)
            session.looks.setConfusionDisplay({ pinned: null });
        },
      },
    ],
  },
  {
    name: "Show",
    applies: (session) => session.derived.allPanels.length > 0 && !areGraphs(session),
    keys: [
      cycle("s", "show value, change since start, since previous, difference", (session) =>
        session.looks.setDisplay({
          show: nextChoice(SHOW_CHOICES, session.state.value.display.show),
        }),
      ),
      cycle("d", "difference to what is pinned, or values", (session) => {
        const { show } = session.state.value.display;
        session.looks.setDisplay({ show: show === "difference" ? "value" : "difference" });
      }),
    ],
  },
  {
    name: "Grids",
    applies: areGrids,
    keys: [
      // The grid that has the focus listens to these itself.
      inGrid(["←", "↑", "→", "↓"], "in a grid (Tab goes there): next cell, with Shift next tile"),
      inGrid(["Enter"], "in a grid, or a click: show its tile in the large"),
      inGrid(["Space"], "in a grid, or a click with Shift: keep its tile outlined"),
      {
        keys: ["k", "j"],
        written: ["k", "j"],
        says: "previous, next tile in the large",
        press: ({ moveTile }, key) => moveTile(key === "k" ? -1 : 1),
        applies: isTileOpen,
      },
      cycle("a", "scale of the next kind", (session) =>
        session.looks.setDisplay({
          scale: nextChoice(SCALE_CHOICES, session.state.value.display.scale),
        }),
      ),
      cycle("c", "next colours", (session) =>
        session.looks.setDisplay({
          colours: nextChoice(COLOUR_NAMES, session.state.value.display.colours),
        }),
      ),
      cycle("t", "next order of tiles", (session) =>
        sortTiles(
          session,
          nextChoice(
            showsAttributions(session.derived) ? SAMPLE_SORT_CHOICES : SORT_CHOICES,
            session.state.value.display.sort,
          ),
        ),
      ),
      {
        ...cycle("T", "the order the other way round", (session) =>
          session.looks.setDisplay({ reversed: !session.state.value.display.reversed }),
        ),
        applies: areTiles,
      },
      {
        ...cycle("z", "hide what is dead in every run", (session) =>
          session.looks.setDisplay({ hideDead: !session.state.value.display.hideDead }),
        ),
        applies: areTiles,
      },
      cycle("o", "outlines", (session) =>
        session.looks.setDisplay({ outlines: !session.state.value.display.outlines }),
      ),
    ],
  },
  {
    name: "Layers",
    applies: areLayers,
    keys: [
      {
        keys: ["p"],
        written: ["p"],
        says: "play through the layers",
        press: ({ session }) => session.layers.togglePlaying(),
      },
      {
        keys: ["m"],
        written: ["m"],
        says: "all layers, or one at a time",
        press: ({ session }) =>
          session.layers.setMode(session.derived.stage === null ? "one" : "all"),
      },
    ],
  },
  {
    name: "Attributions",
    applies: areAttributions,
    keys: [
      {
        keys: [",", "."],
        written: [",", "."],
        says: "the α before, the next α of the interior gradients",
        press: ({ session }, key) => moveAlpha(session, key === "," ? -1 : 1),
      },
      {
        keys: ["i"],
        written: ["i"],
        says: "interior gradients at one α, at all",
        press: ({ session }) => {
          const { alphas } = session.state.value.attributionDisplay;
          session.looks.setAttributionDisplay({ alphas: nextChoice(ALPHA_MODE_CHOICES, alphas) });
        },
      },
      {
        keys: ["v"],
        written: ["v"],
        says: "next overlay: signed, mask, off",
        press: ({ session }) => {
          const { overlay } = session.state.value.attributionDisplay;
          session.looks.setAttributionDisplay({ overlay: nextChoice(OVERLAY_CHOICES, overlay) });
        },
      },
    ],
  },
  {
    name: "Confusion",
    applies: areConfusions,
    keys: [
      inGrid(["←", "↑", "→", "↓"], "in a matrix: next cell, with Shift the next with samples"),
      inGrid(["Enter"], "in a matrix: keep the cell"),
      inGrid(["+", "−"], "in a large matrix: zoom"),
    ],
  },
  {
    name: "Histograms",
    applies: areHistograms,
    keys: [
      cycle("p", "next kind of plot", (session) =>
        session.looks.setHistogramDisplay({
          plot: nextChoice(PLOT_CHOICES, session.state.value.histogramDisplay.plot),
        }),
      ),
      cycle("h", "next kind of height", (session) =>
        session.looks.setHistogramDisplay({
          height: nextChoice(HEIGHT_CHOICES, session.state.value.histogramDisplay.height),
        }),
      ),
    ],
  },
  {
    name: "Graph",
    applies: areGraphs,
    keys: [
      // The graph that has the focus listens to these itself.
      inGrid(["←", "↑", "→", "↓"], "in a graph: move it; on a layer: the next one there"),
      inGrid(["Page ↑", "Page ↓"], "on a layer: the one before, after it; Home, End: first, last"),
      inGrid(["+", "−", "0"], "in a graph: larger, smaller, all of it"),
      inGrid(["wheel"], "over a graph, with Ctrl or ⌘, or a pinch: zoom"),
      inGrid(["Enter"], "on a layer: show this layer alone in all views, or all again"),
      inGrid(["Space"], "on a model: unfold, fold it"),
      cycle("g", "graph, or table of the layers", (session) =>
        session.looks.setGraphDisplay({
          form: nextChoice(GRAPH_FORM_CHOICES, session.state.value.graphDisplay.form),
        }),
      ),
    ],
  },
  {
    name: "Export",
    keys: [
      {
        keys: ["e"],
        written: ["e"],
        says: "export the panel in sight, or that of the tile: picture, animation, values, file",
        press: ({ exportPanel }) => exportPanel(),
      },
    ],
  },
  {
    name: "Help",
    keys: [{ keys: ["?"], written: ["?"], says: "this list", press: ({ showHelp }) => showHelp() }],
  },
];
