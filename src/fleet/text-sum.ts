/** A number of 32 bits that is the same for a text in every process, and evenly spread over those that differ. */
export function textSum(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (31 * sum + text.charCodeAt(at)) >>> 0;
  return sum;
}
