/** Which points of the timeline have ticks, and what is said of the runs that have them. Pure; must not know the slider. */

/** Every so many points have a tick: 1, 2, 5, 10, 20, … so that there are not more ticks than can be told apart. */
export function tickStride(count: number, most: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const stride of [unit, 2 * unit, 5 * unit]) if (count <= stride * most) return stride;
  }
}

/** Indices of the points with ticks. */
export function tickedPoints(count: number, most: number): readonly number[] {
  const stride = tickStride(count, most);
  return Array.from({ length: Math.ceil(count / stride) }, (_, place) => place * stride);
}

/** The point that is at a share of the way from the first to the last. */
export function pointAtShare(share: number, count: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * Math.max(0, count - 1));
}

const NAMED = 6;

/** `in a, b; not in c, whose nearest earlier record is shown`; empty where there is one run. */
export function whoHasText(having: readonly string[], lacking: readonly string[]): string {
  const count = having.length + lacking.length;
  if (count < 2) return "";
  if (lacking.length === 0) return count === 2 ? "in both runs" : `in all ${count} runs`;
  const earlier =
    lacking.length === 1 ? "whose nearest earlier record is" : "whose nearest earlier records are";
  return `in ${listed(having)}; not in ${listed(lacking)}, ${earlier} shown`;
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(", ")} and ${more} more` : names.join(", ");
}
