/** What of a picture makes its file large: cells like noise, letters and lines. Must not draw. */
import type { PictureBody, PictureContent } from "../model/picture_content.js";
import type { PictureSize } from "../model/picture_limits.js";
import { noisyCells } from "../state/export_weights.js";

export function weightOf(content: PictureContent): Omit<PictureSize, "width" | "height"> {
  const { title, facts, remarks, columns } = content;
  let [cells, letters, strokes] = [0, 0, 0];
  let words = title.length + facts.length + remarks.join("").length;
  let hasPictures = false;
  for (const { name, facts: own, body, below = [] } of columns) {
    words += name.length + own.length;
    letters += below.join("").length;
    cells += cellsOf(body, hasPictures);
    if (body.kind === "text") words += body.text.length;
    if (body.kind === "grid") hasPictures ||= body.pictures !== null;
    if (body.kind !== "drawing") continue;
    for (const mark of body.marks) {
      if (mark.mark === "text") letters += mark.text.length;
      else strokes += mark.d.length;
    }
  }
  return { cells, words, letters, strokes };
}

/** Pictures of samples that stand beside one another in several runs are packed once. */
function cellsOf(body: PictureBody, hasPictures: boolean): number {
  if (body.kind !== "grid") return 0;
  const pictures = body.pictures === null || hasPictures ? 0 : noisyCells(body.pictures);
  return noisyCells(body.tiles) + pictures;
}
