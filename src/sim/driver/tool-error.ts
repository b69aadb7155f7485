import { ParleyError } from '../../errors.ts';
import type { ToolCourse } from '../world/service-machine.ts';

/** What a tool throws that does not come out well: on purpose, or by a defect of its own. */
export function toolError({ fault }: Extract<ToolCourse, { type: 'failed' }>): Error {
  return fault === 'tool.failed' ? new Error('The tool failed.') : new ParleyError(fault, 'It did not work.');
}
