/** The formats that the dialog offers, and who writes them. The one place that knows them all. */
import type { ExportFormat } from "../model/export_choice.js";
import { GIF } from "./export_gif.js";
import type { FormatWriter } from "./export_job.js";
import { HTML_FILE } from "./export_offline.js";
import { PNG } from "./export_pictures.js";
import { CSV, NPZ } from "./export_values.js";

export const WRITERS: Readonly<Record<ExportFormat, FormatWriter>> = {
  png: PNG,
  gif: GIF,
  npz: NPZ,
  csv: CSV,
  html: HTML_FILE,
};
