/**
 * The screen in a file of its own, opened from disk: the same elements and session, with a server made of what lies in
 * the page. Runs as soon as it is read. Joins the rooms as `index.ts` does.
 */
import { openAddress, startAddress } from "./api/address.js";
import { embeddedServer } from "./api/embedded_server.js";
import { watchTheme, watchVisibility } from "./api/host.js";
import { defineElements } from "./components/elements.js";
import { NnvizOfflineNote } from "./components/offline_note.js";
import { type OfflineContents, parseContents } from "./model/offline_contents.js";
import { CONTENTS_ID, decodeBase64, recordId } from "./model/offline_page.js";
import { statisticsOf } from "./model/offline_statistics.js";
import { expectFirstPanels } from "./state/first_sight.js";
import { Session } from "./state/session.js";
import { keepInAddress } from "./state/url_state.js";

function open(contents: OfflineContents): void {
  defineElements();
  customElements.define("nnviz-offline-note", NnvizOfflineNote);
  const session = new Session(
    embeddedServer({
      ...contents,
      bytesOf: (index) => decodeBase64(textOf(recordId(index))),
      statisticsOf,
    }),
  );
  const assigned = new Map(Object.entries(contents.colours ?? {}));
  session.runs.rememberColours({ assigned, chosen: new Map() });
  startAddress(contents.link);
  keepInAddress(session, openAddress());
  expectFirstPanels(session);
  const note = document.createElement("nnviz-offline-note");
  note.session = session;
  note.about = contents.about;
  note.remarks = contents.remarks;
  const app = document.createElement("nnviz-app");
  app.session = session;
  app.style.bottom = "var(--offline-note)";
  document.body.style.margin = "0";
  document.body.style.setProperty("--offline-note", "30px");
  document.body.append(app, note);
  // As it was exported, until the reader's system changes it or the reader does.
  let isFirst = true;
  watchTheme((theme) => {
    session.setTheme(isFirst ? contents.theme : theme);
    isFirst = false;
  });
  watchVisibility((visible) => session.setTabVisible(visible));
}

function textOf(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}

const contents = parseContents(textOf(CONTENTS_ID));
if (contents.ok) open(contents.value);
else document.body.append(`This file cannot be read: ${contents.message}`);
