/**
 * Frames that have been read once, to be measured, and will be drawn: kept as far as there is room, so that hardly a record
 * is read twice. Must not know how frames are read.
 */
import type { Mark, PictureBody, PictureContent } from "../model/picture_content.js";
import type { Tiles } from "../model/tiles.js";

/** Bytes of values and marks. */
const ROOM = 128 * 2 ** 20;
/** Of a mark without its text: about a dozen properties of eight bytes, and the object's head. */
const MARK = 128;

export class KeptContents {
  readonly #kept = new Map<number, PictureContent>();
  #room: number;

  constructor(room = ROOM) {
    this.#room = room;
  }

  /** Keeps the content of a frame, where there is room for it. */
  offer(frame: number, content: PictureContent): void {
    const bytes = content.columns.reduce((sum, { body }) => sum + bytesOf(body), 0);
    if (bytes > this.#room) return;
    this.#room -= bytes;
    this.#kept.set(frame, content);
  }

  /** Null where there was no room. */
  get(frame: number): PictureContent | null {
    return this.#kept.get(frame) ?? null;
  }

  /** Gives it away, for each frame is drawn once. */
  take(frame: number): PictureContent | null {
    const content = this.get(frame);
    this.#kept.delete(frame);
    return content;
  }
}

/** Many tiles are shared by two frames; as many as if none were. */
function bytesOf(body: PictureBody): number {
  switch (body.kind) {
    case "grid":
      return bytesOfTiles(body.tiles) + (body.bars?.weights ? bytesOfTiles(body.bars.weights) : 0);
    case "drawing":
      return body.marks.reduce((sum, mark) => sum + bytesOfMark(mark), 0);
    case "text":
      return 0;
  }
}

function bytesOfTiles({ shape: { tiles, height, width, channels } }: Tiles): number {
  return Float32Array.BYTES_PER_ELEMENT * tiles * height * width * channels;
}

function bytesOfMark(mark: Mark): number {
  return MARK + (mark.mark === "path" ? mark.d : mark.text).length;
}
