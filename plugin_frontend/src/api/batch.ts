/**
 * The binary answer of the route `records`, cut into its blobs. Knows the framing of `http_api.md`; must not know what
 * a header says or how a payload is compressed.
 */

export interface BatchItem {
  /** 200, 404 (no such record) or 422 (corrupt, or newer than the plugin). */
  readonly status: number;
  /** Views into the answer, each at an offset that is a multiple of 8. */
  readonly blobs: readonly Uint8Array[];
}

const MAGIC = 0x5a564e4e; // "NNVZ", little-endian
const VERSION = 1;

/** Throws a `RangeError` for bytes that are not a whole batch of this version. */
export function decodeBatch(buffer: ArrayBuffer): readonly BatchItem[] {
  const view = new DataView(buffer);
  let offset = 0;
  const uint32 = (): number => {
    const value = view.getUint32(offset, true);
    offset += 4;
    return value;
  };
  const align = (): void => {
    offset = Math.ceil(offset / 8) * 8;
  };
  if (uint32() !== MAGIC) throw new RangeError("the answer is not a batch of records");
  const version = uint32();
  if (version !== VERSION) throw new RangeError(`the batch has version ${version}, not ${VERSION}`);
  const count = uint32();
  const table: { status: number; sizes: number[] }[] = [];
  for (let item = 0; item < count; item++) {
    const status = uint32();
    const blobs = uint32();
    const sizes: number[] = [];
    for (let blob = 0; blob < blobs; blob++) sizes.push(uint32());
    table.push({ status, sizes });
  }
  align();
  return table.map(({ status, sizes }) => ({
    status,
    blobs: sizes.map((size) => {
      const blob = new Uint8Array(buffer, offset, size);
      offset += size;
      align();
      return blob;
    }),
  }));
}
