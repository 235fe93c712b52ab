/**
 * Animated GIF files, written frame by frame with one palette. A frame is a generator that stops after so many pixels, so
 * that the screen stays quick while megapixels are compressed. Pure; knows bytes, must not know what is shown.
 */
import type { Rgb } from "./colours.js";

/** Pixels between two stops: a few milliseconds. */
const PIXELS_AT_ONCE = 2 ** 18;

const COLOURS = 256;
const CLEAR = 256;
const END = 257;
const FIRST_BITS = 9;
const MOST_BITS = 12;
const MOST_CODES = 2 ** MOST_BITS;
/** Of the table of known strings; twice as many places as codes or more, so that few are tried. */
const PLACES = 2 ** 14;
const BLOCK = 255;

export class GifWriter {
  readonly #width: number;
  readonly #height: number;
  #bytes = new Uint8Array(2 ** 16);
  #length = 0;

  constructor(width: number, height: number, palette: readonly Rgb[]) {
    this.#width = width;
    this.#height = height;
    this.#text("GIF89a");
    this.#short(width);
    this.#short(height);
    // A palette of 256 colours for all frames.
    this.#put(0xf7, 0, 0);
    for (let entry = 0; entry < COLOURS; entry++) this.#put(...(palette[entry] ?? [0, 0, 0]));
    // It begins again for ever.
    this.#put(0x21, 0xff, 11);
    this.#text("NETSCAPE2.0");
    this.#put(3, 1, 0, 0, 0);
  }

  /** Writes a frame that stays for so many milliseconds; `indices` into the palette, row by row. */
  *frame(indices: Uint8Array, milliseconds: number): Generator<void> {
    this.#put(0x21, 0xf9, 4, 0);
    this.#short(Math.max(2, Math.round(milliseconds / 10)));
    this.#put(0, 0);
    this.#put(0x2c, 0, 0, 0, 0);
    this.#short(this.#width);
    this.#short(this.#height);
    this.#put(0, FIRST_BITS - 1);
    yield* this.#compressed(indices);
    this.#put(0);
  }

  /** The whole file. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#put(0x3b);
    return this.#bytes.slice(0, this.#length);
  }

  // LZW: the longest strings that are known have codes; a full table is forgotten.
  *#compressed(indices: Uint8Array): Generator<void> {
    const keys = new Int32Array(PLACES).fill(-1);
    const codes = new Uint16Array(PLACES);
    let [next, bits] = [END + 1, FIRST_BITS];
    let [buffer, held] = [0, 0];
    let start = this.#length;
    this.#put(0);
    const flushByte = (byte: number): void => {
      if (this.#length - start - 1 === BLOCK) {
        this.#bytes[start] = BLOCK;
        start = this.#length;
        this.#put(0);
      }
      this.#put(byte);
    };
    const emit = (code: number): void => {
      buffer |= code << held;
      held += bits;
      for (; held >= 8; held -= 8, buffer >>>= 8) flushByte(buffer & 255);
      if (next >= 2 ** bits && bits < MOST_BITS) bits += 1;
    };
    emit(CLEAR);
    let prefix = indices[0] ?? 0;
    for (let at = 1; at < indices.length; at++) {
      const index = indices[at] as number;
      const key = (prefix << 8) | index;
      let place = (key ^ (key >> 9)) & (PLACES - 1);
      while (keys[place] !== -1 && keys[place] !== key) place = (place + 1) & (PLACES - 1);
      if (keys[place] === key) {
        prefix = codes[place] as number;
      } else {
        emit(prefix);
        prefix = index;
        if (next < MOST_CODES) {
          keys[place] = key;
          codes[place] = next;
          next += 1;
        } else {
          emit(CLEAR);
          keys.fill(-1);
          [next, bits] = [END + 1, FIRST_BITS];
        }
      }
      if (at % PIXELS_AT_ONCE === 0) yield;
    }
    emit(prefix);
    emit(END);
    if (held > 0) flushByte(buffer & 255);
    this.#bytes[start] = this.#length - start - 1;
  }

  #text(text: string): void {
    this.#put(...Array.from(text, (letter) => letter.charCodeAt(0)));
  }

  #short(number: number): void {
    this.#put(number & 255, number >> 8);
  }

  #put(...bytes: readonly number[]): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    for (const byte of bytes) this.#bytes[this.#length++] = byte;
  }
}
