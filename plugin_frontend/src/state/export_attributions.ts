/**
 * The picture of a card of attributions: for each run the maps, a row a sample, each beside its input. Pure functions of
 * the card's view; must not know canvases.
 */
import { flagWords, proofOf, verdictOf } from "../model/attribution_proof.js";
import { noteText } from "../model/facts.js";
import { formatCount, formatRange } from "../model/format.js";
import { arrangeGrid } from "../model/grid_layout.js";
import {
  NOT_READ,
  type PictureBody,
  type PictureColumn,
  type PictureContent,
} from "../model/picture_content.js";
import { SAMPLE } from "../model/placement.js";
import type { PanelEntry } from "../model/runs.js";
import { pictureSize } from "../model/sample_pictures.js";
import { gridAxes } from "../model/tiles.js";
import { type AttributionRun, type AttributionView, attributionView } from "./attribution_view.js";
import { changeWords } from "./change_words.js";
import type { Snapshot } from "./export_reader.js";
import { columnWidth, matchWords, scaleNote } from "./export_tiles.js";
import type { Session } from "./session.js";

/** Maps are no higher than makes about four rows of them. */
const HEIGHT = 620;

export function attributionContent(
  card: PanelEntry,
  snapshot: Snapshot,
  session: Session,
): PictureContent {
  const { state, derived } = snapshot;
  const { display } = state;
  const view = attributionView(
    card,
    state,
    derived,
    (ref) => session.records.state(ref),
    session.extremes,
  );
  const facts = [
    formatCount(view.samples, "sample"),
    ...(view.summed.length === 0 ? [] : [`summed over ${view.summed.join(" and ")}`]),
    ...(display.show === "value" ? [] : [changeWords(state, derived, null)]),
  ];
  return {
    theme: state.theme,
    title: view.input === "" ? "integrated_gradients" : `integrated_gradients / ${view.input}`,
    facts: facts.join(" · "),
    legend:
      view.first === null
        ? null
        : {
            colouring: view.colouring,
            range: view.shared,
            note: scaleNote(display.scale, view.scaleProgress),
            show: display.show,
            specials: [
              ...((view.counts.unresolved ?? 0) > 0 ? (["unresolved"] as const) : []),
              ...(["nan", "posinf", "neginf"] as const).filter((name) => view.counts[name] > 0),
            ],
          },
    columns: view.runs.map(
      (run): PictureColumn => ({
        name: run.run.name,
        colour: state.runColours.get(run.run.run) ?? "#888888",
        facts: [
          ...matchWords(run.match, run.run.run, snapshot),
          ...(run.range !== null && view.shared === null ? [formatRange(run.range)] : []),
          ...(run.hasOtherSamples ? ["other samples"] : []),
        ].join(" · "),
        body: bodyOf(run, view, snapshot),
        below: proofLines(run, view),
      }),
    ),
    remarks: [...view.remarks.omitted, ...view.remarks.notes.map(noteText)],
  };
}

function bodyOf(run: AttributionRun, view: AttributionView, { state }: Snapshot): PictureBody {
  const { maps } = run;
  if (maps.status === "pending") return NOT_READ;
  if (maps.status !== "ready") return text("message" in maps ? maps.message : "nothing logged yet");
  const { tiles } = maps;
  const pictures =
    view.pictures.status === "ready" && !run.hasOtherSamples ? view.pictures.tiles : null;
  const others = gridAxes(tiles.header).flatMap(({ name }) => (name === SAMPLE ? [] : [name]));
  const grid = arrangeGrid(
    tiles,
    { rows: [SAMPLE], columns: others, sliders: new Map() },
    { axis: SAMPLE, positions: [...view.order] },
    { width: columnWidth(view.runs.length), height: HEIGHT },
    state.display,
    pictures === null ? null : pictureSize(pictures),
  );
  return {
    kind: "grid",
    tiles,
    grid,
    colouring: view.colouring,
    range: run.range,
    dead: null,
    outlines: state.display.outlines,
    smooth: state.display.smooth,
    pictures,
    bars: null,
  };
}

/** What each map proves of itself, in the order of the rows. */
export function proofLines(
  { maps }: Pick<AttributionRun, "maps">,
  { order }: Pick<AttributionView, "order">,
): readonly string[] {
  if (maps.status !== "ready") return [];
  const { record } = maps;
  const labels = record.header.axes.find(({ name }) => name === SAMPLE)?.labels;
  return order.flatMap((sample) => {
    const proof = proofOf(record, sample);
    if (proof === null) return [];
    const words = [verdictOf(proof), ...flagWords(proof.flags)].map(({ text }) => text);
    return [`${labels?.[sample] ?? sample}: ${words.join(" · ")}`];
  });
}

function text(words: string): PictureBody {
  return { kind: "text", text: words, isNumber: false };
}
