/** Where keys do something: what is on the screen, as questions to the session. Must not know the keys. */
import { hasRunRow } from "../state/columns_in_sight.js";
import {
  showsAttributions,
  showsConfusions,
  showsGraphs,
  showsHistograms,
} from "../state/derived.js";
import { panelOfTag } from "../state/open_panels.js";
import type { Session } from "../state/session.js";

export const areHistograms = ({ derived }: Session): boolean => showsHistograms(derived);
export const areGraphs = ({ derived }: Session): boolean => showsGraphs(derived);
export const areConfusions = ({ derived }: Session): boolean => showsConfusions(derived);
export const areAttributions = ({ derived }: Session): boolean => showsAttributions(derived);
export const isTileOpen = ({ state }: Session): boolean => state.value.opened !== null;
/** In sight, not behind a tile in the large. */
export const arePanels = (session: Session): boolean => !isTileOpen(session);
export const areColumns = (session: Session): boolean =>
  arePanels(session) && hasRunRow(session.derived);
/** Of the panels, or of the tile in the large. */
export const areRuns = (session: Session): boolean => {
  const { opened } = session.state.value;
  if (opened === null) return areColumns(session);
  return (panelOfTag(session.derived, opened.tag)?.members.length ?? 0) > 1;
};
export const areLayers = (session: Session): boolean =>
  arePanels(session) && session.derived.stops.length > 0;
export const areGrids = (session: Session): boolean =>
  session.derived.allPanels.length > 0 &&
  ![areHistograms, areGraphs, areConfusions].some((areShown) => areShown(session));
/** Of units, filters and channels, not of samples. */
export const areTiles = (session: Session): boolean =>
  areGrids(session) && !areAttributions(session);
