import type { ToolLoad } from '../tool-load.ts';
import { lookups } from './lookups.ts';
import { programs } from './programs.ts';

/** Every load that is measured. */
export const allLoads: readonly ToolLoad[] = [...programs, ...lookups];
