/** The canvases of the samples' pictures beside a grid: one for each block of rows. Must not hold state. */
import { html, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { SamplePicture } from "../model/sample_pictures.js";
import type { Tiles } from "../model/tiles.js";
import { drawPictures } from "../render/sample_sheet.js";

/** Canvases in the frame of the tiles, to be drawn on once they are there. */
export function pictureCanvases(pictures: readonly SamplePicture[]): readonly TemplateResult[] {
  return byCanvas(pictures).map((group) => {
    const { left, top, width, height } = frameOf(group);
    const style = {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    };
    return html`<canvas
      class="pictures"
      aria-hidden="true"
      data-testid="sample-pictures"
      data-samples=${JSON.stringify(group.map(({ sample }) => sample))}
      style=${styleMap(style)}
    ></canvas>`;
  });
}

/** Draws the pictures on the canvases that `pictureCanvases` has made. */
export function drawOnCanvases(
  root: ParentNode,
  pictures: readonly SamplePicture[],
  samples: Tiles,
): void {
  const canvases = root.querySelectorAll<HTMLCanvasElement>("canvas.pictures");
  for (const [index, group] of byCanvas(pictures).entries()) {
    const canvas = canvases[index];
    const frame = frameOf(group);
    const placed = group.map((picture) => ({
      ...picture,
      left: picture.left - frame.left,
      top: picture.top - frame.top,
    }));
    if (canvas !== undefined) drawPictures(canvas, samples, placed, frame, window.devicePixelRatio);
  }
}

// Pictures of one block stand below one another.
function byCanvas(pictures: readonly SamplePicture[]): readonly SamplePicture[][] {
  const groups = new Map<number, SamplePicture[]>();
  for (const picture of pictures) {
    const group = groups.get(picture.left);
    if (group === undefined) groups.set(picture.left, [picture]);
    else group.push(picture);
  }
  return [...groups.values()];
}

function frameOf(pictures: readonly SamplePicture[]): Omit<SamplePicture, "sample"> {
  const left = Math.min(...pictures.map((picture) => picture.left));
  const top = Math.min(...pictures.map((picture) => picture.top));
  const right = Math.max(...pictures.map((picture) => picture.left + picture.width));
  const bottom = Math.max(...pictures.map((picture) => picture.top + picture.height));
  return { left, top, width: right - left, height: bottom - top };
}
