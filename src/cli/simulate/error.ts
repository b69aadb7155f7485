/** Something that whoever asks for a simulation can put right: said in words, without a stack. */
export class SimulateError extends Error {
  override readonly name = 'SimulateError';
}
