/** What is used of the package, which brings no types of its own. */
declare module "gifenc" {
  type Colours = readonly (readonly [red: number, green: number, blue: number])[];

  interface Encoder {
    /** `palette` is that of all frames, given with the first; `delay` in milliseconds. */
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette?: Colours; readonly delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }

  export function GIFEncoder(): Encoder;

  /** Of RGBA bytes that fill their buffer. */
  export function quantize(
    rgba: Uint8ClampedArray,
    count: number,
  ): [red: number, green: number, blue: number][];
}
