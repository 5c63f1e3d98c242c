import { describe, expect, it } from 'vitest';
import type { IqBlock, Sweep } from '../../src/core/frames.ts';
import { type CityReceiver, createCity } from '../../src/simulation/city/city.ts';
import { CITY_REGISTER } from '../../src/simulation/city/register.ts';

const city = createCity(7);
const receiver = (id: string): CityReceiver => city.find((each) => each.id === id)!;
const tune = (centerHz: number) => ({ command: 'tune', centerHz, sampleRateHz: null, gainDb: null }) as const;
const scan = (startHz: number, stopHz: number) => ({ command: 'scan', startHz, stopHz, rbwHz: null }) as const;

/** Mean power of cu8 samples without their mean, dBFS. */
function powerDbfs({ samples }: IqBlock): number {
  const values = Array.from(samples, (byte) => (byte - 127.5) / 127.5);
  const part = (odd: number) => values.filter((_, i) => i % 2 === odd);
  const variance = (list: number[]) => {
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    return list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length;
  };
  return 10 * Math.log10(variance(part(0)) + variance(part(1)));
}

describe('a receiver of the city that is retuned', () => {
  it('sends IQ of the new centre, whose first block follows on nothing, and hears what is on the air there', () => {
    const harbour = receiver('harbour');
    const station = CITY_REGISTER.find(({ centerHz }) => centerHz > 97.9e6 && centerHz < 99.3e6)!;
    expect(harbour.command(tune(station.centerHz))).toBeNull();
    const first = harbour.frame(40, 0n) as IqBlock;
    const second = harbour.frame(41, 0n) as IqBlock;
    expect([first.centerHz, first.lostBefore, second.lostBefore]).toEqual([station.centerHz, true, false]);
    expect(second.timeNs - first.timeNs).toBe(BigInt(Math.round(harbour.frameSeconds * 1e9)));
    // Nobody of the city is near 300 MHz: there it is the receiver's own noise.
    expect(harbour.command(tune(300e6))).toBeNull();
    const quiet = powerDbfs(harbour.frame(42, 0n) as IqBlock);
    expect(powerDbfs(second)).toBeGreaterThan(quiet + 10);
  });

  it('is the same as ever when it comes back', () => {
    const before = receiver('town-hall').frame(9, 0n) as IqBlock;
    receiver('town-hall').command(tune(446.1e6));
    receiver('town-hall').frame(10, 0n);
    receiver('town-hall').command({ ...tune(before.centerHz), gainDb: before.gainDb });
    receiver('town-hall').frame(11, 0n);
    expect(receiver('town-hall').frame(9, 0n)).toEqual(before);
  });

  it.each(['airport', 'observatory-hill', 'river-gate'])('sweeps the span that it is given: %s', (id) => {
    expect(receiver(id).command(scan(94e6, 104e6))).toBeNull();
    const sweep = receiver(id).frame(3, 0n) as Sweep;
    const stopHz = sweep.startHz + (sweep.powers.length - 1) * sweep.stepHz;
    expect(sweep.startHz).toBe(94e6);
    expect(Math.abs(stopHz - 104e6)).toBeLessThanOrEqual(sweep.stepHz);
    const levels = [...sweep.powers].sort((a, b) => a - b);
    expect(levels[levels.length - 1] - levels[levels.length >> 1]).toBeGreaterThan(20);
  });

  it('says why it does not do what it cannot', () => {
    expect(receiver('harbour').command(tune(5e9))).toMatch(/beyond/);
    expect(receiver('harbour').command({ ...tune(100e6), sampleRateHz: 2.4e6 })).toMatch(/sample rate is 256000 Hz/);
    expect(receiver('harbour').command(scan(88e6, 108e6))).toMatch(/scan/);
    expect(receiver('airport').command(tune(100e6))).toMatch(/tune/);
    expect(receiver('airport').command(scan(1e6, 2e6))).toMatch(/beyond/);
  });
});
