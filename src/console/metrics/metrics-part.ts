import type { Metrics } from '../../metrics/metrics.ts';
import type { ConsolePart } from '../door/console-part.ts';

/** The metrics, for Prometheus: at the path where it looks unless told otherwise. It shows the token as a bearer. */
export function metricsPart(metrics: Metrics): ConsolePart {
  return {
    routes: (router) => {
      router.get('/metrics', async (_req, res) => {
        const text = await metrics.scrape();
        res.set('content-type', metrics.contentType).send(text);
      });
    },
  };
}
