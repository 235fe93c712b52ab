/**
 * Frames that have been read once, to be measured, and will be drawn: kept as far as there is room, so that hardly a record
 * is read twice. Must not know how frames are read.
 */
import type { PictureBody, PictureContent } from "../model/picture_content.js";

/** Of values. */
const ROOM = 128 * 2 ** 20;

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

  /** Gives it away, for each frame is drawn once; null where there was no room. */
  take(frame: number): PictureContent | null {
    const content = this.#kept.get(frame) ?? null;
    this.#kept.delete(frame);
    return content;
  }
}

/** Many tiles are shared by two frames; as many as if none were. */
function bytesOf(body: PictureBody): number {
  if (body.kind !== "grid") return 0;
  const { tiles, height, width, channels } = body.tiles.shape;
  return Float32Array.BYTES_PER_ELEMENT * tiles * height * width * channels;
}
