import { beforeAll, describe, expect, it } from 'vitest';
import type { IqBlock, Sweep } from '../../src/core/frames.ts';
import { powerFromDb } from '../../src/core/units.ts';
import { onShare, SCRIPT_SECONDS, transmissionsBetween } from '../../src/simulation/city/activity.ts';
import { type CityReceiver, createCity } from '../../src/simulation/city/city.ts';
import { CITY_RECEIVERS } from '../../src/simulation/city/emitter.ts';
import { INCIDENTS } from '../../src/simulation/city/incidents.ts';
import { renderLoop } from '../../src/simulation/city/loops.ts';
import { CITY_REGISTER } from '../../src/simulation/city/register.ts';
import { TRAFFIC } from '../../src/simulation/city/traffic.ts';
import { trueBandwidth } from '../../src/simulation/occupied-bandwidth.ts';
import { bandPower, decibels, welch } from './spectrum-oracle.ts';

const START_NS = 1_790_000_000_000_000_000n;
const cities = new Map<string, CityReceiver>();
const again = new Map<string, CityReceiver>();

beforeAll(() => {
  for (const receiver of createCity(7)) cities.set(receiver.id, receiver);
  for (const receiver of createCity(7)) again.set(receiver.id, receiver);
}, 60_000);

function iqAt(receiver: string, seconds: number): IqBlock {
  const { frame, frameSeconds } = cities.get(receiver)!;
  return frame(Math.round(seconds / frameSeconds), START_NS) as IqBlock;
}

function sweepAt(receiver: string, seconds: number): Sweep {
  const { frame, frameSeconds } = cities.get(receiver)!;
  return frame(Math.round(seconds / frameSeconds), START_NS) as Sweep;
}

function valuesOf(block: IqBlock): Float64Array {
  return Float64Array.from(block.samples, (code) => (code - 127.5) / 127.5);
}

/** Level in a band of an IQ receiver over some blocks, dBFS. */
function bandLevel(receiver: string, fromSeconds: number, lowHz: number, highHz: number): number {
  let power = 0;
  for (let k = 0; k < 8; k++) {
    const block = iqAt(receiver, fromSeconds + k * 0.064);
    const density = welch(valuesOf(block), 1024);
    power += bandPower(density, block.sampleRateHz, lowHz - block.centerHz, highHz - block.centerHz) / 8;
  }
  return decibels(power);
}

describe('the register of the city', () => {
  it('has some sixty rows, each with an id of its own', () => {
    expect(CITY_REGISTER.length).toBeGreaterThanOrEqual(55);
    expect(CITY_REGISTER.length).toBeLessThanOrEqual(70);
    expect(new Set(CITY_REGISTER.map(({ id }) => id)).size).toBe(CITY_REGISTER.length);
  });

  it('exempts exactly the twenty intercom channels, 409.7500 + n·12.5 kHz, and the ISM band', () => {
    const exempt = CITY_REGISTER.filter(({ kind }) => kind === 'exempt');
    const intercom = exempt.filter(({ service }) => service === 'public intercom');
    expect(intercom.map(({ centerHz }) => centerHz)).toEqual(
      Array.from({ length: 20 }, (_, n) => 409.75e6 + n * 12.5e3),
    );
    const [ism] = exempt.filter(({ service }) => service !== 'public intercom');
    expect([ism.centerHz - ism.bandwidthHz / 2, ism.centerHz + ism.bandwidthHz / 2]).toEqual([433.05e6, 434.79e6]);
  });

  it('explains all of the traffic: every emission lies inside one row', () => {
    for (const { name, centerHz, signal } of TRAFFIC) {
      // Stereo with RDS has 2·(75 + 59.4) kHz by Carson; the licence is written for 256 kHz, which holds 99 %.
      const halfHz = Math.min(trueBandwidth(signal).hz, 256_000) / 2;
      const row = CITY_REGISTER.find(
        (r) =>
          centerHz - halfHz >= r.centerHz - r.bandwidthHz / 2 && centerHz + halfHz <= r.centerHz + r.bandwidthHz / 2,
      );
      expect(row, name).toBeDefined();
    }
  });

  it('explains none of the incidents: their band touches no row', () => {
    for (const { name, centerHz } of INCIDENTS) {
      const row = CITY_REGISTER.find((r) => Math.abs(centerHz - r.centerHz) <= r.bandwidthHz / 2 + 5_000);
      expect(row, name).toBeUndefined();
    }
  });
});

describe('the script of the city', () => {
  it('has the pirate on the air within 15 s of the start, for at least a minute', () => {
    const [first] = transmissionsBetween(INCIDENTS[0].activity, 1, 0, 15);
    expect(first.stopSeconds - first.startSeconds).toBeGreaterThanOrEqual(60);
  });

  it('repeats after ten minutes', () => {
    expect(SCRIPT_SECONDS).toBe(600);
    for (const { activity } of INCIDENTS) {
      const shifted = transmissionsBetween(activity, 1, 600, 1199).map(({ startSeconds, stopSeconds }) => [
        startSeconds - 600,
        stopSeconds - 600,
      ]);
      const original = transmissionsBetween(activity, 1, 0, 599).map(({ startSeconds, stopSeconds }) => [
        startSeconds,
        stopSeconds,
      ]);
      expect(shifted).toEqual(original);
    }
  });

  it('gives the same transmissions whatever the window that asks, and their share of the time', () => {
    const talk = { slotSeconds: 10, probability: 0.7, shortestSeconds: 1, longestSeconds: 4 };
    const whole = transmissionsBetween(talk, 5, 0, 1_000);
    const pieces = Array.from({ length: 1_000 }, (_, k) => transmissionsBetween(talk, 5, k, k + 1)).flat();
    expect(new Set(pieces.map(({ number }) => number))).toEqual(new Set(whole.map(({ number }) => number)));
    const seconds = whole.reduce((sum, { startSeconds, stopSeconds }) => sum + stopSeconds - startSeconds, 0);
    expect(onShare(talk, 5, 0, 1_000)).toBeCloseTo(seconds / 1_000, 9);
    // 0.7 · mean of 1…4 s in 10 s
    expect(seconds / 1_000).toBeGreaterThan(0.13);
    expect(seconds / 1_000).toBeLessThan(0.22);
  });
});

describe('the receivers of the city', () => {
  it('are seven, three of IQ and four that sweep in the three forms of the contract', () => {
    expect([...cities.keys()]).toEqual([...CITY_RECEIVERS]);
    const wires = [...cities.values()].map(({ wire }) => wire);
    expect(wires).toEqual(['iq', 'iq', 'iq', 'sweep-json', 'sweep-packet', 'rtl_power', 'sweep-packet']);
  });

  it.each(CITY_RECEIVERS)('%s gives any frame again, in any order', (id) => {
    const order = [120, 3, 4_711, 3];
    const first = order.map((k) => cities.get(id)!.frame(k, START_NS));
    const second = [...order].reverse().map((k) => again.get(id)!.frame(k, START_NS));
    expect(second.reverse()).toEqual(first);
  });

  it.each(['north-mast', 'harbour', 'town-hall'])('%s sends 25–100 ms a packet, a power of two of pairs', (id) => {
    const block = iqAt(id, 1);
    expect(Math.log2(block.pairs) % 1).toBe(0);
    expect(block.pairs / block.sampleRateHz).toBeGreaterThanOrEqual(0.025);
    expect(block.pairs / block.sampleRateHz).toBeLessThanOrEqual(0.1);
    expect(block.samples.length).toBe(2 * block.pairs);
    const next = cities.get(id)!.frame(Math.round(1 / 0.064) + 1, START_NS);
    expect(next.timeNs - block.timeNs).toBe(64_000_000n);
  });

  it('hear emissions at their levels: the pirate at −25 dBFS, and nothing there before and after', () => {
    expect(bandLevel('north-mast', 30, 98.6e6 + 5_000, 98.8e6)).toBeCloseTo(-25, 0);
    for (const seconds of [5, 185]) {
      // Noise of −42 dBFS in 1.024 MHz, and that of the 8-bit converter, 10·log10(2/12/127.5²) = −49.9 dBFS.
      const floorDb = decibels(powerFromDb(-42) + powerFromDb(-49.9)) + decibels(195_000 / 1_024_000);
      expect(bandLevel('north-mast', seconds, 98.6e6 + 5_000, 98.8e6)).toBeCloseTo(floorDb, 0);
    }
  });

  it('hear the handheld in its overs and not between', () => {
    expect(bandLevel('harbour', 72, 409.59e6, 409.61e6)).toBeCloseTo(-32, 0);
    expect(bandLevel('harbour', 77, 409.59e6, 409.61e6)).toBeLessThan(-50);
  });

  it('sweep with the noise of so many averages: mean and spread of the empty points', () => {
    const powers = [40, 41, 42, 43, 44].flatMap((s) =>
      Array.from(sweepAt('airport', s).powers.subarray(5_400), powerFromDb),
    );
    const mean = powers.reduce((a, b) => a + b, 0) / powers.length;
    const variance = powers.reduce((sum, p) => sum + (p / mean - 1) ** 2, 0) / powers.length;
    expect(decibels(mean)).toBeCloseTo(-129, 0);
    expect(1 / variance).toBeGreaterThan(20);
    expect(1 / variance).toBeLessThan(29);
  });

  it('sweep over a carrier at its level, at its frequency', () => {
    const { powers, startHz, stepHz } = sweepAt('airport', 60);
    expect(powers[(122_950_000 - startHz) / stepHz]).toBeCloseTo(-98, 0);
    expect(sweepAt('airport', 30).powers[(122_950_000 - startHz) / stepHz]).toBeLessThan(-120);
  });

  it('hear the jammer pass: 14 MHz about GNSS L1, 27 dB over the noise at the closest point, fading as 1/r²', () => {
    const riseDb = (seconds: number, fromHz: number, toHz: number): number => {
      const powers = [0, 1, 2, 3].flatMap((k) => {
        const sweep = sweepAt('ring-road', seconds + (k - 1.5) * 0.25);
        return [...sweep.powers].filter((_, i) => {
          const hz = sweep.startHz + i * sweep.stepHz;
          return hz >= fromHz && hz <= toHz;
        });
      });
      return decibels(powers.reduce((sum, level) => sum + powerFromDb(level), 0) / powers.length) + 122;
    };
    // −67.5 dBm over 14 MHz, in a Gaussian filter of 25 kHz (noise bandwidth 26.6 kHz): −94.7 dBm.
    expect(riseDb(241, 1_569e6, 1_582e6)).toBeCloseTo(27.3, 0);
    // 12.5 s on, 175 m down the road and 25 m beside it: 1 + 7² = 50 times less.
    expect(riseDb(253.5, 1_569e6, 1_582e6)).toBeCloseTo(27.3 - 17, 0);
    expect(riseDb(200, 1_569e6, 1_582e6)).toBeCloseTo(0, 0);
    expect(riseDb(241, 1_565.5e6, 1_568e6)).toBeCloseTo(0, 0);
  });

  it('sweep over a station whose power, added up over its points, is its level', () => {
    const { startHz, stepHz, rbwHz } = sweepAt('observatory-hill', 3);
    let power = 0;
    for (let k = 0; k < 10; k++) {
      const { powers } = sweepAt('observatory-hill', 3 + k / 2);
      for (let i = 0; i < powers.length; i++) {
        if (Math.abs(startHz + i * stepHz - 96.8e6) < 130_000) power += powerFromDb(powers[i]) / 10;
      }
    }
    // A Gaussian filter of 3 dB width B has a noise bandwidth of B·√(π/(4·ln 2)) = 1.064·B.
    expect(decibels((power * stepHz) / (rbwHz! * 1.0645))).toBeCloseTo(-76, 0);
  });
});

describe('a loop of signal', () => {
  it('joins its end to its beginning without a jump of phase', () => {
    const rateHz = 256_000;
    const { values, pairs } = renderLoop({ kind: 'wfm', stereo: false }, rateHz, 65_536, 3);
    const step = (a: number, b: number) =>
      Math.abs(
        Math.atan2(
          values[2 * b + 1] * values[2 * a] - values[2 * b] * values[2 * a + 1],
          values[2 * b] * values[2 * a] + values[2 * b + 1] * values[2 * a + 1],
        ),
      );
    // One sample turns by at most 2π·75 kHz/256 kHz = 1.84 rad.
    expect(step(pairs - 1, 0)).toBeLessThan(1.85);
    let power = 0;
    for (const value of values) power += value * value;
    expect(power / pairs).toBeCloseTo(1, 4);
  });
});
