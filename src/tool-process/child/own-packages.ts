import { registerHooks } from 'node:module';

const contract = new URL('../../tools/public.ts', import.meta.url).href;

/**
 * Lets files anywhere import `parley/tool`, and with it `zod`, whose objects must be those of the zod that Parley reads them with. All other
 * packages are looked for where a file lies, as usual.
 */
export function offerOwnPackages(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'parley/tool') return { url: contract, shortCircuit: true };
      const isOwn = specifier === 'zod' || specifier.startsWith('zod/');
      return next(specifier, isOwn ? { ...context, parentURL: import.meta.url } : context);
    },
  });
}
