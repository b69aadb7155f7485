/** With `--help` among its arguments, a command prints its usage and does nothing else. */
export function helpIfAsked(usage: string): void {
  if (!process.argv.slice(2).includes('--help')) return;
  console.log(usage);
  process.exit(0);
}
