import { expect, onTestFinished, test } from 'vitest';
import { FaultyService } from './faulty-service.ts';
import { valueOf } from './scrape-text.ts';

function open(): FaultyService {
  const service = new FaultyService();
  onTestFinished(() => service.close());
  return service;
}

test('what the service counts by itself is read at each scrape, and told once', async () => {
  const service = open();
  const refused = { fault: 'http.notLocal' };
  service.refusals.add('requestRefused', refused);
  service.refusals.add('upgradeRefused', refused);
  service.refusals.add('socketError', {});
  service.registry.turnAway('full');
  await service.metrics.scrape();
  service.refusals.add('upgradeRefused', refused);
  service.registry.beginDrain();
  service.registry.turnAway('draining');
  const text = await service.metrics.scrape();
  expect(valueOf(text, 'parley_refusals_total', { reason: 'http.notLocal' })).toBe(3);
  expect(valueOf(text, 'parley_refusals_total', { reason: 'socketError' })).toBe(1);
  expect(valueOf(text, 'parley_calls_refused_total', { reason: 'full' })).toBe(1);
  expect(valueOf(text, 'parley_calls_refused_total', { reason: 'draining' })).toBe(1);
  expect(valueOf(text, 'parley_calls_max')).toBe(1);
  expect(valueOf(text, 'parley_ready')).toBe(0);
});

test('it is told why no new call is taken', async () => {
  const service = open();
  service.delayMs = 250;
  service.registry.turnAway('overloaded');
  const late = await service.metrics.scrape();
  expect(valueOf(late, 'parley_ready')).toBe(0);
  expect(valueOf(late, 'parley_unready', { reason: 'overloaded' })).toBe(1);
  expect(valueOf(late, 'parley_unready', { reason: 'full' })).toBe(0);
  expect(valueOf(late, 'parley_admission_delay_seconds')).toBe(0.25);
  expect(valueOf(late, 'parley_calls_refused_total', { reason: 'overloaded' })).toBe(1);
  service.delayMs = 50;
  const recovered = await service.metrics.scrape();
  expect(valueOf(recovered, 'parley_ready')).toBe(1);
  expect(valueOf(recovered, 'parley_unready', { reason: 'overloaded' })).toBe(0);
});

test('the state of the journal is one of its states', async () => {
  const service = open();
  expect(valueOf(await service.metrics.scrape(), 'parley_journal_state', { state: 'off' })).toBe(1);
  await service.journalFails({ queue: { items: 2, bytes: 1000 } });
  const text = await service.metrics.scrape();
  expect(valueOf(text, 'parley_journal_state', { state: 'off' })).toBe(0);
  expect(valueOf(text, 'parley_journal_state', { state: 'failing' })).toBe(1);
  expect(valueOf(text, 'parley_journal_entries_waiting')).toBeGreaterThan(0);
  expect(valueOf(text, 'parley_journal_entries_dropped_total')).toBeGreaterThan(0);
});

test('lines of the log that nobody took are counted', async () => {
  const service = open();
  service.logStalls();
  expect(valueOf(await service.metrics.scrape(), 'parley_log_lines_lost_total')).toBe(2);
});

test('a process that stands still is late, and measures its CPU time and memory', async () => {
  const service = open();
  await service.blocks();
  const text = await service.metrics.scrape();
  expect(valueOf(text, 'parley_event_loop_delay_seconds', { of: 'max' })).toBeGreaterThan(0.1);
  expect(valueOf(text, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(valueOf(text, 'nodejs_heap_used_bytes')).toBeGreaterThan(1_000_000);
  expect(valueOf(text, 'process_start_time_seconds')).toBeGreaterThan(1_700_000_000);
});
