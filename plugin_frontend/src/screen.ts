/**
 * The screen. The one place that joins the rooms: server and host from `api`, the session, the elements.
 */
import { openAddress } from "./api/address.js";
import { listenToHost, watchTheme, watchVisibility } from "./api/host.js";
import { readLocal, writeLocal } from "./api/local_store.js";
import { fetchIndex, fetchOfflineScript, fetchRecords, fetchTimeline } from "./api/routes.js";
import { defineElements } from "./components/elements.js";
import { rememberColours } from "./state/colour_memory.js";
import { expectFirstPanels, whenFirstSeen } from "./state/first_sight.js";
import { Session } from "./state/session.js";
import { keepInAddress } from "./state/url_state.js";

/**
 * Opens the screen in the document, for as long as the document lives. `early`: an index that has been asked for
 * already, for the first time that one is needed.
 */
export function open(early: Promise<unknown> | null): void {
  let first = early;
  const fetchFirstIndex = (signal: AbortSignal): Promise<unknown> => {
    const asked = first ?? fetchIndex(signal);
    first = null;
    return asked;
  };
  defineElements();
  const session = new Session({
    fetchIndex: fetchFirstIndex,
    fetchTimeline,
    fetchRecords,
    fetchOfflineScript,
  });
  rememberColours(session, {
    read: () => readLocal("run_colours"),
    write: (text) => writeLocal("run_colours", text),
  });
  keepInAddress(session, openAddress());
  expectFirstPanels(session);
  const app = document.createElement("nnviz-app");
  app.session = session;
  document.body.style.margin = "0";
  void whenFirstSeen(session).then(() => document.body.append(app));
  watchTheme((theme) => session.setTheme(theme));
  watchVisibility((visible) => {
    session.setTabVisible(visible);
    // Else the keys would go to TensorBoard's own page until the first click.
    if (visible) window.focus();
  });
  // By the time that a hidden tab is shown it would be old.
  first = null;
  listenToHost(() => session.reload());
}
