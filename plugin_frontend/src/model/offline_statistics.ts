/**
 * Which of a record's blobs in a file without a server hold statistics, by its header. Must not know where they lie.
 */
import { parseHeader } from "./parse_header.js";

/**
 * Of the blobs of the part `paint`, the header first, the header and those of statistics. All of them where the header
 * cannot be read: whoever opens the record says why.
 */
export function statisticsOf(painted: readonly Uint8Array[]): readonly Uint8Array[] {
  const [header, ...payload] = painted;
  const parsed = header === undefined ? null : parseHeader(header);
  if (header === undefined || !parsed?.ok) return painted;
  const listed = parsed.value.blobs.filter(({ part }) => part === "paint");
  return [header, ...payload.filter((_, at) => listed[at]?.name === "statistics")];
}
