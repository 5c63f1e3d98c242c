import { expect, it, vi } from 'vitest';
import { type ByteLink, LinkLost } from '../../../hardware/link/byte-link.ts';
import { DeviceLoop, type DeviceLoopOptions } from '../../../hardware/link/device-loop.ts';
import { memoryPair } from '../../../hardware/link/memory.ts';
import { afterTest, QUIET_LOG } from './device-bench.ts';

function newLoop(options: Partial<DeviceLoopOptions>) {
  const states: string[] = [];
  const loop = new DeviceLoop({
    receiver: 'rx',
    open: async () => memoryPair()[0],
    converse: () => Promise.reject(new LinkLost('gone')),
    tell: (state) => void states.push(state),
    log: QUIET_LOG,
    random: () => 0.5,
    ...options,
  });
  afterTest(() => loop.stop());
  return { loop, states };
}

it('a device that is not there is tried ever more slowly, up to every five seconds', async () => {
  vi.useFakeTimers();
  afterTest(() => vi.useRealTimers());
  const triedMs: number[] = [];
  const open = () => {
    triedMs.push(Date.now());
    return Promise.reject<ByteLink>(new LinkLost('/dev/ttyACM0 is not there'));
  };
  const { loop, states } = newLoop({ open });
  await vi.advanceTimersByTimeAsync(60_000);
  const gaps = triedMs.slice(1).map((ms, i) => ms - triedMs[i]);
  // Three quarters of 250, 500, 1000 … 5000 ms, for a random number of one half; timers count whole ones.
  expect(gaps.slice(0, 6).map(Math.round)).toEqual([187, 375, 750, 1_500, 3_000, 3_750]);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000);
  expect(triedMs.length).toBeLessThan(22);
  expect(new Set(states)).toEqual(new Set(['offline']));
  await loop.stop();
});

it('the reason of a loss is said once, not at each attempt', async () => {
  const said: string[] = [];
  const log = { ...QUIET_LOG, warn: (fields: object) => void said.push((fields as { reason: string }).reason) };
  vi.useFakeTimers();
  afterTest(() => vi.useRealTimers());
  const { loop } = newLoop({ log });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(said).toEqual(['gone']);
  await loop.stop();
});

it('an error of our own in a conversation is a loss like any other, and is logged with its place', async () => {
  const errors: object[] = [];
  const log = { ...QUIET_LOG, error: (fields: object) => void errors.push(fields) };
  let opened = 0;
  const converse = () => {
    opened++;
    return Promise.reject(new TypeError('a mistake'));
  };
  const { states } = newLoop({ log, converse });
  await vi.waitUntil(() => opened >= 2, { timeout: 5_000 });
  expect(errors[0]).toMatchObject({ reason: 'a mistake', stack: expect.stringContaining('device-loop.test') });
  expect(states).toContain('offline');
});

it('stops at once while a device is away, and closes the port of one that opens too late', async () => {
  let opened: (link: ByteLink) => void = () => undefined;
  const open = () => new Promise<ByteLink>((resolve) => (opened = resolve));
  const { loop } = newLoop({ open });
  await loop.stop();
  const [host, device] = memoryPair();
  opened(host);
  await expect(device.read(5_000)).rejects.toBeInstanceOf(LinkLost);
});
