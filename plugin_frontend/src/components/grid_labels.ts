/** What is written beside and below the tiles of a grid, and the frames around single ones. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { type ArrangedGrid, LABEL_HEIGHT } from "../model/grid_layout.js";
import { placeTile } from "../model/layout.js";
import type { Axis } from "../model/record.js";
import { positionText } from "../model/sample_axis.js";

/** Labels of rows, columns and tiles, in the frame of the tiles. */
export function gridLabels(grid: ArrangedGrid): readonly TemplateResult[] {
  const { layout, gutter, labelWidth, rowLabels, columnLabels, tileLabels } = grid;
  const { zoom, tileWidth, tileHeight } = layout;
  const below = (text: string, place: number, edge: number): TemplateResult =>
    label(text, "below", {
      left: placeTile(layout, place).left * zoom,
      top: edge * zoom,
      width: tileWidth * zoom,
    });
  return [
    ...(tileLabels ?? []).map((text, place) =>
      below(text, place, placeTile(layout, place).top + tileHeight),
    ),
    ...(columnLabels ?? []).map((text, column) => below(text, column, layout.height)),
    ...(rowLabels ?? []).map((text, row) => {
      const { left, top } = placeTile(layout, row * layout.columns);
      return label(text, "beside", {
        left: left * zoom - gutter,
        top: (top + tileHeight / 2) * zoom - LABEL_HEIGHT / 2,
        width: labelWidth - 6,
      });
    }),
  ];
}

/** The label of the one sample that is shown, below its picture; nothing where none stands aside. */
export function asideLabel(
  { aside, pictures, leastHeight }: ArrangedGrid,
  samples: Axis | undefined,
): TemplateResult | typeof nothing {
  const [picture] = pictures;
  if (aside === 0 || picture === undefined || samples === undefined) return nothing;
  const text = samples.labels?.[picture.sample] ?? positionText(samples, picture.sample);
  return label(text, "below", {
    left: picture.left,
    top: leastHeight - LABEL_HEIGHT,
    width: picture.width,
  });
}

/** A frame around a tile of the array; nothing where it is not shown, or stands alone. */
export function tileOutline(
  { layout, order }: ArrangedGrid,
  tile: number | null,
  kind: "hovered" | "pinned" | "found",
): TemplateResult | typeof nothing {
  const place = tile === null ? -1 : (order?.indexOf(tile) ?? tile);
  if (place < 0 || place >= layout.tiles || layout.tiles < 2) return nothing;
  const { left, top } = placeTile(layout, place);
  const style = {
    left: `${left * layout.zoom}px`,
    top: `${top * layout.zoom}px`,
    width: `${layout.tileWidth * layout.zoom}px`,
    height: `${layout.tileHeight * layout.zoom}px`,
  };
  return html`<div class="outline ${kind}" style=${styleMap(style)}></div>`;
}

function label(
  text: string,
  kind: "below" | "beside",
  place: { readonly left: number; readonly top: number; readonly width: number },
): TemplateResult {
  const style = {
    left: `${place.left}px`,
    top: `${place.top}px`,
    width: `${place.width}px`,
  };
  return html`<span class="label ${kind}" style=${styleMap(style)} title=${text}>${text}</span>`;
}
