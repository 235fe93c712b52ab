/** What is loaded when something is first exported: the dialog's content, and all that writes files. */
import { html } from "lit";
import type { ExportModule } from "./export.js";
import { NnvizExportForm } from "./export_form.js";

if (customElements.get("nnviz-export-form") === undefined)
  customElements.define("nnviz-export-form", NnvizExportForm);

export const exportTemplate: ExportModule["exportTemplate"] = (session, wish, close) =>
  html`<nnviz-export-form .session=${session} .wish=${wish} .onClose=${close}></nnviz-export-form>`;
