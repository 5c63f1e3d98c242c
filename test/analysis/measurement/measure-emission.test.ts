import { describe, expect, it } from 'vitest';
import type { EmissionMeasurement } from '../../../src/core/measurement.ts';
import { raisedCosineShare } from '../../../src/simulation/occupied-bandwidth.ts';
import type { Signal } from '../../../src/simulation/signal.ts';
import { CENTER_HZ, measureSignal, type SceneOptions } from './measured-scene.ts';

const OFFSET_HZ = 31_234;

function measured(signal: Signal, options: SceneOptions): EmissionMeasurement {
  const measurement = measureSignal(signal, { offsetHz: OFFSET_HZ, ...options });
  if (measurement === null) throw new Error('nothing was measured');
  return measurement;
}

/** J_n(x) = 1/π·∫₀^π cos(nτ − x·sin τ) dτ, by the trapezoid rule, which is exact here to rounding. */
function besselJ(n: number, x: number): number {
  const steps = 400;
  let sum = (1 + Math.cos(n * Math.PI)) / 2;
  for (let i = 1; i < steps; i++) sum += Math.cos(n * ((i * Math.PI) / steps) - x * Math.sin((i * Math.PI) / steps));
  return sum / steps;
}

/** Lines at n·f with power J_n²(β): those up to N hold 99 %. */
function fmBandwidthHz(toneHz: number, deviationHz: number): number {
  const index = deviationHz / toneHz;
  let share = besselJ(0, index) ** 2;
  for (let n = 1; ; n++) {
    share += 2 * besselJ(n, index) ** 2;
    if (share >= 0.99) return 2 * n * toneHz;
  }
}

describe('FM by a sine', () => {
  it.each([
    [1_000, 2_500],
    [1_000, 4_000],
    [400, 3_000],
    [2_000, 3_000],
  ])(
    'of %d Hz and %d Hz deviation has that deviation, and the bandwidth of its Bessel lines',
    (toneHz, deviationHz) => {
      const signal = { kind: 'nfm', audio: { toneHz }, deviationHz } as const;
      const carsonHz = 2 * (deviationHz + toneHz);
      const m = measured(signal, { snrDb: 40, bandHz: carsonHz });
      expect(m.modulation).toBe('nfm');
      expect(Math.abs(m.deviationHz! / deviationHz - 1)).toBeLessThan(0.02);
      expect(Math.abs(m.deviationHz! - deviationHz)).toBeLessThan(
        Math.max(m.deviationUncertaintyHz!, 0.01 * deviationHz),
      );
      expect(Math.abs(m.deviationRmsHz! / (deviationHz * Math.SQRT1_2) - 1)).toBeLessThan(0.02);
      expect(Math.abs(m.occupiedBandwidthHz! - fmBandwidthHz(toneHz, deviationHz))).toBeLessThan(2 * m.method.rbwHz);
      expect(Math.abs(m.centerHz - CENTER_HZ - OFFSET_HZ)).toBeLessThan(20);
      expect(m.designator).toMatch(/F3E$/);
    },
  );

  it('of a broadcaster at ±75 kHz reads 75 kHz and, as a sine of ±19 kHz is 0 dBr, 11.93 dBr', () => {
    const signal = { kind: 'wfm', deviationHz: 75_000, stereo: false, audio: { toneHz: 1_000 } } as const;
    const m = measured(signal, { snrDb: 40, bandHz: 180_000, sampleRateHz: 1_024_000, seconds: 0.2 });
    expect(m.modulation).toBe('wfm');
    expect(Math.abs(m.deviationHz! / 75_000 - 1)).toBeLessThan(0.01);
    expect(m.multiplexPowerDbr).toBeCloseTo(20 * Math.log10(75 / 19), 1);
  });
});

describe('AM', () => {
  it.each([0.3, 0.5, 0.85, 1])(
    'of depth %d by a sine has that depth up and down, and its carrier to a hertz',
    (depth) => {
      const m = measured({ kind: 'am', audio: { toneHz: 1_000 }, depth }, { snrDb: 45, bandHz: 3_000 });
      expect(m.modulation).toBe('am');
      expect(Math.abs(m.amDepthPositivePct! - 100 * depth)).toBeLessThan(3);
      expect(Math.abs(m.amDepthNegativePct! - 100 * depth)).toBeLessThan(3);
      expect(Math.abs(m.centerHz - CENTER_HZ - OFFSET_HZ)).toBeLessThan(1);
      // Sidebands of m²/4 each of the carrier: more than 0.5 % of the power from m = 0.15 on.
      expect(Math.abs(m.occupiedBandwidthHz! - 2_000)).toBeLessThan(2 * m.method.rbwHz);
      expect(m.designator).toMatch(/^[12]K\d\dA3E$/);
    },
  );
});

describe('bandwidths', () => {
  it('of flat noise are 99 % of it, and all of it 26 dB down', () => {
    const m = measured({ kind: 'noise', bandwidthHz: 50_000 }, { snrDb: 40, bandHz: 50_000, seconds: 0.5 });
    expect(m.modulation).toBe('noise');
    expect(m.designator).toBeNull();
    expect(Math.abs(m.occupiedBandwidthHz! / 49_500 - 1)).toBeLessThan(0.02);
    // The skirts of the simulation's filter are a tenth of the band wide.
    expect(m.xDbBandwidthHz! / 50_000).toBeGreaterThan(0.98);
    expect(m.xDbBandwidthHz! / 50_000).toBeLessThan(1.12);
    expect(m.xDb).toBe(26);
  });

  it.each([0.2, 0.35, 0.5])('of QPSK with roll-off %d are those of the raised cosine', (rollOff) => {
    const symbolRateHz = 9_600;
    const m = measured({ kind: 'qpsk', symbolRateHz, rollOff }, { snrDb: 30, bandHz: 12_000, seconds: 0.5 });
    expect(Math.abs(m.occupiedBandwidthHz! / (symbolRateHz * raisedCosineShare(rollOff, 0.99)) - 1)).toBeLessThan(0.02);
    // The raised cosine is 26 dB down where 1 + cos(π·x/β) = 2·10^−2.6.
    const x = (Math.acos(2 * 10 ** -2.6 - 1) * rollOff) / Math.PI;
    expect(Math.abs(m.xDbBandwidthHz! / (symbolRateHz * (1 - rollOff + 2 * x)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(m.symbolRateHz! - symbolRateHz)).toBeLessThan(1);
    expect(m.designator).toMatch(/G1D$/);
  });

  it('are null where the SNR is too small for them to mean anything', () => {
    const m = measured({ kind: 'qpsk', symbolRateHz: 9_600, rollOff: 0.35 }, { snrDb: 7, bandHz: 12_000 });
    expect([m.occupiedBandwidthHz, m.xDbBandwidthHz]).toEqual([null, null]);
  });
});

describe('level and SNR', () => {
  it.each([12, 20, 27])('at %d dB over the noise are those of the scene within the uncertainty', (snrDb) => {
    const m = measured(
      { kind: 'qpsk', symbolRateHz: 18_000, rollOff: 0.35 },
      { snrDb, bandHz: 20_000, powerDbfs: -33 },
    );
    expect(m.unit).toBe('dBFS');
    expect(Math.abs(m.level - -33)).toBeLessThan(m.levelUncertaintyDb + 0.1);
    expect(Math.abs(m.snrDb - snrDb)).toBeLessThan(0.6);
  });
});

describe('the centre', () => {
  it('of a carrier lies within its uncertainty of the truth in nine of ten', () => {
    const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
    const right = seeds.filter((seed) => {
      const m = measured({ kind: 'cw' }, { seed, snrDb: 20, bandHz: 1_000, seconds: 0.25 });
      expect(m.modulation).toBe('unmodulated');
      expect(m.centerUncertaintyHz).toBeLessThan(0.5);
      return Math.abs(m.centerHz - CENTER_HZ - OFFSET_HZ) < m.centerUncertaintyHz;
    });
    expect(right.length).toBeGreaterThanOrEqual(36);
  });
});

describe('data', () => {
  it.each([
    [2, 1_200, 2_400],
    [2, 9_600, 4_800],
    [4, 4_800, 1_944],
  ] as const)('%d-FSK of %d Bd has that symbol rate', (levels, symbolRateHz, deviationHz) => {
    const bandHz = symbolRateHz + 2.4 * deviationHz;
    const m = measured({ kind: 'fsk', levels, symbolRateHz, deviationHz, bt: 0.5 }, { snrDb: 20, bandHz });
    expect(m.modulation).toBe('fsk');
    expect(Math.abs(m.symbolRateHz! - symbolRateHz)).toBeLessThan(Math.max(1, m.symbolRateUncertaintyHz!));
  });

  it('keyed on and off is on for half of the time, and pulses for their share of the period', () => {
    const keyed = measured({ kind: 'ook', bitRateHz: 2_000 }, { snrDb: 25, bandHz: 16_000 });
    expect(keyed.modulation).toBe('keyed');
    expect(Math.abs(keyed.dutyPct - 50)).toBeLessThan(12);
    const radar = { kind: 'pulse', widthSeconds: 50e-6, periodSeconds: 0.001 } as const;
    const pulsed = measured(radar, { snrDb: 25, bandHz: 120_000, sampleRateHz: 1_024_000, seconds: 0.1 });
    expect(pulsed.modulation).toBe('pulsed');
    expect(pulsed.designator).toMatch(/P0N$/);
    expect(Math.abs(pulsed.dutyPct - 5)).toBeLessThan(1.5);
  });
});

describe('what is not there', () => {
  it('is not measured', () => {
    expect(measureSignal({ kind: 'cw' }, { snrDb: -30, bandHz: 12_500 })?.modulation ?? 'unknown').toBe('unknown');
  });

  it('an FM broadcaster of 20 dB names itself', () => {
    const signal = { kind: 'wfm', rds: { pi: 0xd318, name: 'RADIO 1' } } as const;
    const m = measured(signal, {
      snrDb: 20,
      bandHz: 180_000,
      sampleRateHz: 1_024_000,
      seconds: 0.55,
      offsetHz: 200_100,
    });
    expect(m.rds).toMatchObject({ pi: 0xd318, name: 'RADIO 1 ' });
    expect(m.designator).toMatch(/F8E$/);
  });
});
