/** Which tile others are sorted by: the one that is kept outlined, once. Must not know how tiles are compared. */
import type { Sort, TileOfRun } from "../model/display.js";
import { showsPictures } from "./activations_view.js";
import type { Session } from "./session.js";

/** Sorts the tiles; by similarity to the one that is outlined, unless one was chosen before. */
export function sortTiles(session: Session, sort: Sort): void {
  session.looks.setDisplay({ sort });
  chooseFirstTile(session);
}

/** To be called when another tile is outlined: the first one is compared with as soon as it is. */
export function chooseFirstTile(session: Session): void {
  const { sort, similarTo } = session.state.value.display;
  if (sort === "similar" && similarTo === null) chooseTile(session);
}

/** Compares with the tile that is outlined, where there is one that can be compared with. */
export function chooseTile(session: Session): void {
  const similarTo = outlinedTile(session);
  if (similarTo !== null) session.looks.setDisplay({ similarTo });
}

/** The outlined tile as one to compare with; null where there is none, or it is a picture of a sample. */
export function outlinedTile({ pinned, derived }: Session): TileOfRun | null {
  if (pinned.value === null) return null;
  const { tag, tile } = pinned.value;
  const panel = derived.allPanels.find((each) => each.tag === tag && each.kind === "tiles");
  const run = pinned.value.run ?? panel?.members[0]?.run.run;
  if (panel === undefined || run === undefined || showsPictures(panel)) return null;
  return { run, tag, tile };
}
