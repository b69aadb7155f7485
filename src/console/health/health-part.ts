import type { ConsolePart } from '../door/console-part.ts';
import { healthOf, type HealthSources } from './health.ts';

/** Why no call is taken, as a page and as data. */
export function healthPart(sources: HealthSources): ConsolePart {
  return {
    page: { path: '/health', title: 'Health', folder: 'health' },
    routes: (router) => {
      router.get('/api/health', (_req, res) => void res.json(healthOf(sources)));
    },
  };
}
