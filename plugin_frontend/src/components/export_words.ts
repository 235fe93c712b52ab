/** Sizes of files in words. */
import { formatCount } from "../model/format.js";

/** `820 bytes`, `1.2 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return formatCount(bytes, "byte");
  const [unit, size] =
    bytes < 1e6 ? ["kB", bytes / 1e3] : bytes < 1e9 ? ["MB", bytes / 1e6] : ["GB", bytes / 1e9];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
