import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { workerVariable } from '../../src/workers/worker-news.ts';
import { workerSettings } from '../../src/workers/worker-settings.ts';
import { problemsOf } from './problems.ts';

const database = { DATABASE_URL: 'postgres://parley:secret@db.example.com/parley?sslmode=verify-full' };
const common = { publicUrl: 'http://127.0.0.1:8080', secret: 'secret', adminToken: null, pagesOf: () => null };

test('each worker wants room for a call', () => {
  expect(loadConfig({ WORKERS: '4', MAX_CONCURRENT_CALLS: '4' }).workers).toBe(4);
  expect(problemsOf({ WORKERS: '4', MAX_CONCURRENT_CALLS: '3' })).toEqual([
    'WORKERS is 4 and MAX_CONCURRENT_CALLS is 3; each worker wants room for a call, so the second must not be smaller.',
  ]);
});

describe('how many calls a process takes', () => {
  test('is the limit of all unless set', () => {
    expect(loadConfig({ MAX_CONCURRENT_CALLS: '70' }).limits.callsPerProcess).toBe(70);
    const { limits } = loadConfig({ ...database, MAX_CONCURRENT_CALLS: '1000', CALLS_PER_PROCESS: '50' });
    expect([limits.concurrentCallsMax, limits.callsPerProcess]).toEqual([1000, 50]);
  });

  test('is no more than that', () => {
    expect(problemsOf({ ...database, MAX_CONCURRENT_CALLS: '40', CALLS_PER_PROCESS: '50' })).toEqual([
      'CALLS_PER_PROCESS is 50 and MAX_CONCURRENT_CALLS is 40; the second is the limit of all processes together, so it must not be smaller.',
    ]);
  });

  test('is enough for the limit where there can be no other processes', () => {
    expect(problemsOf({ MAX_CONCURRENT_CALLS: '50', CALLS_PER_PROCESS: '20' })).toEqual([
      'CALLS_PER_PROCESS is 20 and MAX_CONCURRENT_CALLS is 50; without DATABASE_URL there is one process, so the second must not be greater than 20.',
    ]);
    expect(problemsOf({ WORKERS: '4', MAX_CONCURRENT_CALLS: '81', CALLS_PER_PROCESS: '20' })).toEqual([
      'CALLS_PER_PROCESS is 20 and MAX_CONCURRENT_CALLS is 81; without DATABASE_URL there are 4 processes, so the second must not be greater than 80.',
    ]);
    loadConfig({ WORKERS: '4', MAX_CONCURRENT_CALLS: '80', CALLS_PER_PROCESS: '20' });
    loadConfig({ ...database, WORKERS: '4', MAX_CONCURRENT_CALLS: '81', CALLS_PER_PROCESS: '20' });
  });
});

describe('workers', () => {
  test.for([
    ['have shares of the limit', { MAX_CONCURRENT_CALLS: '7', CALLS_PER_PROCESS: '6' }, [4, 3], [4, 3]],
    ['share it among themselves at a database', { ...database, MAX_CONCURRENT_CALLS: '7' }, [7, 7], [7, 7]],
    [
      'take as many each as a process does',
      { ...database, MAX_CONCURRENT_CALLS: '70', CALLS_PER_PROCESS: '6' },
      [6, 6],
      [70, 70],
    ],
  ] as const)('%s', ([, env, takes, limits]) => {
    const settings = workerSettings(loadConfig({ ...env, WORKERS: '2' }), 2, common);
    const read = settings.map(
      ({ variables: { [workerVariable]: _secret, ...variables } }) => loadConfig({ ...env, ...variables }).limits,
    );
    expect(settings.map(({ callsMax }) => callsMax)).toEqual(takes);
    expect(read.map(({ callsPerProcess }) => callsPerProcess)).toEqual(takes);
    expect(read.map(({ concurrentCallsMax }) => concurrentCallsMax)).toEqual(limits);
  });
});
