/** Long names where there is room for few letters. Knows letters; must not know how they are drawn. */

/** Fewer letters than this tell no names apart. */
const LEAST = 5;

/** The middle of a long text goes: names of one network often differ at their ends. */
export function cutMiddle(text: string, most: number): string {
  const letters = [...text];
  const room = Math.max(LEAST, most);
  if (letters.length <= room) return text;
  const end = Math.floor((room - 1) / 2);
  return `${letters.slice(0, room - 1 - end).join("")}…${letters.slice(-end).join("")}`;
}

/** Two names that have room for so many letters together: what a short one leaves goes to the other. */
export function cutBoth(one: string, other: string, most: number): readonly [string, string] {
  const [length, otherLength] = [[...one].length, [...other].length];
  const half = Math.floor(most / 2);
  if (length <= half) return [one, cutMiddle(other, most - length)];
  if (otherLength <= half) return [cutMiddle(one, most - otherLength), other];
  return [cutMiddle(one, half), cutMiddle(other, half)];
}
