import { defineTool, toolMsUsual } from '../../tools/tool.ts';
import { declaredParameters } from '../declared-parameters.ts';
import type { LookupKind } from '../lookup-kind.ts';
import { httpFields } from './http-fields.ts';
import { createHttpLookup } from './http-lookup.ts';

/** `kind: http`: asks a service of the web. */
export const httpKind: LookupKind<typeof httpFields> = {
  fields: httpFields,
  lane: () => 'web',
  open: async (options, fields) => {
    const { name, description, effect, confirm, timeoutMs } = options;
    const lookup = createHttpLookup(fields, { effect: effect ?? 'read', timeMsMax: timeoutMs ?? toolMsUsual });
    const tool = defineTool({
      name,
      description: description ?? '',
      effect: effect ?? 'read',
      confirm,
      timeoutMs: timeoutMs ?? toolMsUsual,
      parameters: declaredParameters(fields.parameters),
      run: async (args, context) => ({ response: await lookup.ask(args, context) }),
    });
    return { tools: [tool], warnings: [], close: lookup.close };
  },
};
