/** Arrays as files that `numpy.load` reads: the format NPY 1.0, without pickled objects. Knows bytes; must not know records. */

export type NumberArray = Float32Array | Float64Array | BigInt64Array;

/** Row-major numbers, or texts, one for each place of the shape. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NumberArray | readonly string[];
}

/** Arrays by their names in an NPZ file. */
export interface NamedArray {
  readonly name: string;
  readonly array: NpyArray;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** The data begin at a multiple of this. */
const ALIGNMENT = 64;

/** The whole file in two parts: its header, and the data as they are in memory. */
export function npyParts({
  shape,
  data,
}: NpyArray): readonly [header: Uint8Array, data: Uint8Array] {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) throw new RangeError(`a shape of ${size} does not hold ${data.length}`);
  // Numbers are little-endian on every machine that runs a browser.
  const bytes =
    "buffer" in data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : utf32(data);
  return [header(dtypeOf(data), shape), bytes];
}

function header(dtype: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = MAGIC.length + 2;
  const length = Math.ceil((before + text.length + 1) / ALIGNMENT) * ALIGNMENT - before;
  const bytes = new Uint8Array(before + length).fill(0x20);
  bytes.set(MAGIC);
  bytes.set([length & 255, length >> 8], MAGIC.length);
  bytes.set(new TextEncoder().encode(text), before);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}

function dtypeOf(data: NpyArray["data"]): string {
  if (data instanceof Float32Array) return "<f4";
  if (data instanceof Float64Array) return "<f8";
  if (data instanceof BigInt64Array) return "<i8";
  return `<U${longest(data as readonly string[])}`;
}

// NumPy has no texts of no letters.
function longest(texts: readonly string[]): number {
  return Math.max(1, ...texts.map((text) => [...text].length));
}

function utf32(texts: readonly string[]): Uint8Array {
  const width = longest(texts);
  const codes = new Uint32Array(width * texts.length);
  for (const [row, text] of texts.entries()) {
    for (const [place, letter] of [...text].entries())
      codes[row * width + place] = letter.codePointAt(0) ?? 0;
  }
  return new Uint8Array(codes.buffer);
}

/** One text. */
export function textArray(text: string): NpyArray {
  return { shape: [], data: [text] };
}

export function textsArray(texts: readonly string[]): NpyArray {
  return { shape: [texts.length], data: texts };
}

export function numbersArray(numbers: readonly number[]): NpyArray {
  return { shape: [numbers.length], data: Float64Array.from(numbers) };
}

export function integersArray(numbers: readonly number[], shape = [numbers.length]): NpyArray {
  return { shape, data: BigInt64Array.from(numbers, BigInt) };
}
