// The pages use it as well: it imports nothing.

/** Who answered: an agent by the name that its admin gave it, or by its model; where recorded sentences answered, that they did. */
export function agentText(name: string): string {
  return name === 'simulated' ? 'the simulated agent' : name;
}
