import { registerHooks } from 'node:module';

/** Lets Node load another text in place of a file. Returns a question: whether the file has been loaded. */
export function sabotageFile(url: string, text: string): () => boolean {
  let wasLoaded = false;
  registerHooks({
    load(loaded, context, nextLoad) {
      if (loaded !== url) return nextLoad(loaded, context);
      wasLoaded = true;
      return { format: 'module-typescript', source: text, shortCircuit: true };
    },
  });
  return () => wasLoaded;
}
