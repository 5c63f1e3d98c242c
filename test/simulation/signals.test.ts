import { describe, expect, it } from 'vitest';
import { raisedCosineShare, trueBandwidth } from '../../src/simulation/occupied-bandwidth.ts';
import { rdsBlock } from '../../src/simulation/rds.ts';
import type { Signal } from '../../src/simulation/signal.ts';
import { createSource } from '../../src/simulation/signals/create.ts';
import { bandPower, decibels, meanPowerDb, occupiedBandwidth, welch } from './spectrum-oracle.ts';

const RATE_HZ = 512_000;

function samplesOf(signal: Signal, seconds: number, sampleRateHz = RATE_HZ): Float64Array {
  const pairs = Math.round(seconds * sampleRateHz);
  const out = new Float64Array(2 * pairs);
  createSource(signal, sampleRateHz, 42).fill(out, 0, pairs);
  return out;
}

/** Instantaneous frequency, Hz, of each step from one sample to the next. */
function frequencies(values: Float64Array, sampleRateHz: number): Float64Array {
  return Float64Array.from({ length: values.length / 2 - 1 }, (_, n) => {
    const [re0, im0, re1, im1] = values.subarray(2 * n, 2 * n + 4);
    return (Math.atan2(im1 * re0 - re1 * im0, re1 * re0 + im1 * im0) * sampleRateHz) / (2 * Math.PI);
  });
}

const SIGNALS: readonly Signal[] = [
  { kind: 'cw' },
  { kind: 'am', audio: { toneHz: 1_000 }, depth: 0.8 },
  { kind: 'am', audio: 'voice', depth: 0.8 },
  { kind: 'nfm', audio: 'voice', deviationHz: 2_500 },
  { kind: 'wfm', rds: { pi: 0x1234, name: 'CITY FM' } },
  { kind: 'fsk', levels: 2, symbolRateHz: 9_600, deviationHz: 4_800, bt: 0.5 },
  { kind: 'fsk', levels: 4, symbolRateHz: 4_800, deviationHz: 1_944 },
  { kind: 'ook', bitRateHz: 2_000 },
  { kind: 'qpsk', symbolRateHz: 30_000, rollOff: 0.35 },
  { kind: 'ofdm', subcarriers: 52, spacingHz: 1_500, cyclicPrefix: 0.25 },
  { kind: 'chirp', spanHz: 125_000, periodSeconds: 0.01 },
  { kind: 'hopper', channels: 10, spacingHz: 10_000, dwellSeconds: 0.02, symbolRateHz: 5_000, deviationHz: 2_500 },
  { kind: 'noise', bandwidthHz: 50_000 },
];

describe('signals', () => {
  it.each(SIGNALS.map((signal) => [signal.kind, signal] as const))('%s has mean power 1 within 0.1 dB', (_, signal) => {
    expect(Math.abs(meanPowerDb(samplesOf(signal, 4)))).toBeLessThan(0.1);
  });

  it('OFDM and QPSK fill the bandwidth that their power spectrum says', () => {
    for (const signal of SIGNALS.filter((s) => ['qpsk', 'ofdm', 'noise', 'chirp'].includes(s.kind))) {
      const measured = occupiedBandwidth(welch(samplesOf(signal, 2), 4096), RATE_HZ);
      expect(measured / trueBandwidth(signal).hz, signal.kind).toBeGreaterThan(0.96);
      expect(measured / trueBandwidth(signal).hz, signal.kind).toBeLessThan(1.06);
    }
  });

  it('a raised cosine without roll-off is a rectangle, with roll-off 1 a cosine whose 99 % is known', () => {
    expect(raisedCosineShare(0, 0.99)).toBeCloseTo(0.99, 9);
    // For β = 1 the power spectrum is ½(1 + cos πf) up to 1: P(|f| ≤ x) = x + sin(πx)/π.
    const x = raisedCosineShare(1, 0.99) / 2;
    expect(x + Math.sin(Math.PI * x) / Math.PI).toBeCloseTo(0.99, 9);
  });

  it('NFM voice stays within its Carson bandwidth and fills more than a third of it', () => {
    const signal: Signal = { kind: 'nfm', audio: 'voice', deviationHz: 5_000 };
    const rateHz = 64_000;
    const measured = occupiedBandwidth(welch(samplesOf(signal, 8, rateHz), 1024), rateHz);
    expect(trueBandwidth(signal)).toEqual({ hz: 16_000, origin: 'carson' });
    expect(measured).toBeLessThan(16_000);
    expect(measured).toBeGreaterThan(16_000 / 3);
  });

  it('FM with a tone has Bessel lines: no carrier at the modulation index 2.405', () => {
    const signal: Signal = { kind: 'nfm', audio: { toneHz: 1_000 }, deviationHz: 2_404.83 };
    const density = welch(samplesOf(signal, 2, 64_000), 2048);
    const carrier = decibels(bandPower(density, 64_000, -200, 200));
    const first = decibels(bandPower(density, 64_000, 800, 1_200));
    // J1(2.405)² = 0.5191²
    expect(first).toBeCloseTo(20 * Math.log10(0.5191), 1);
    expect(carrier).toBeLessThan(-50);
  });

  it('AM with a tone has sidebands of m²/4 of the carrier', () => {
    const density = welch(samplesOf({ kind: 'am', audio: { toneHz: 1_000 }, depth: 0.5 }, 2, 64_000), 2048);
    const carrier = bandPower(density, 64_000, -200, 200);
    const upper = bandPower(density, 64_000, 800, 1_200);
    const lower = bandPower(density, 64_000, -1_200, -800);
    expect(decibels(upper / carrier)).toBeCloseTo(decibels(0.25 / 4), 1);
    expect(decibels(lower / carrier)).toBeCloseTo(decibels(0.25 / 4), 1);
  });

  it('WFM stays within 75 kHz deviation, within Carson, and fills more than 60 kHz', () => {
    const signal: Signal = { kind: 'wfm', rds: { pi: 0x1234, name: 'CITY FM' } };
    const values = samplesOf(signal, 4);
    for (const hz of frequencies(values, RATE_HZ)) if (Math.abs(hz) > 75_100) throw new Error(`deviation ${hz}`);
    const measured = occupiedBandwidth(welch(values, 2048), RATE_HZ);
    expect(measured).toBeLessThan(trueBandwidth(signal).hz);
    expect(measured).toBeGreaterThan(60_000);
  });

  it('WFM carries a 19 kHz pilot of 9 % and RDS at 57 kHz and nothing at its carrier', () => {
    const values = samplesOf({ kind: 'wfm', rds: { pi: 0x1234, name: 'CITY FM' }, audio: 'silence' }, 2);
    const deviation = frequencies(values, RATE_HZ);
    const multiplex = new Float64Array(2 * deviation.length);
    deviation.forEach((hz, n) => {
      multiplex[2 * n] = hz / 75_000;
    });
    const density = welch(multiplex, 8192);
    // A real tone of amplitude a has a²/4 at +f.
    expect(decibels(bandPower(density, RATE_HZ, 18_900, 19_100))).toBeCloseTo(decibels(0.09 ** 2 / 4), 1);
    // RDS: mean square of 0.04·sin·sin is 0.04²/4, half of it at +57 kHz.
    const rds = bandPower(density, RATE_HZ, 53_000, 61_000);
    expect(decibels(rds)).toBeCloseTo(decibels(0.04 ** 2 / 8), 0);
    expect(bandPower(density, RATE_HZ, 56_900, 57_100) / rds).toBeLessThan(0.02);
  });

  it('RDS blocks leave the syndromes that IEC 62106 gives for their offset words', () => {
    const syndromes = { A: 0x3d8, B: 0x3d4, C: 0x25c, D: 0x258 };
    // Parity-check matrix of IEC 62106, annex B: one row a bit of the block, first bit first.
    const rows = [
      0x200, 0x100, 0x080, 0x040, 0x020, 0x010, 0x008, 0x004, 0x002, 0x001, 0x2dc, 0x16e, 0x0b7, 0x287, 0x39f, 0x313,
      0x355, 0x376, 0x1bb, 0x201, 0x3dc, 0x1ee, 0x0f7, 0x2a7, 0x38f, 0x31b,
    ];
    for (const [name, syndrome] of Object.entries(syndromes)) {
      const block = rdsBlock(0x1234, name as 'A');
      let sum = 0;
      for (let i = 0; i < 26; i++) if ((block >>> (25 - i)) & 1) sum ^= rows[i];
      expect(sum.toString(16), name).toBe(syndrome.toString(16));
    }
  });

  it('4-FSK rests on four frequencies, ±1 and ±1/3 of the deviation', () => {
    const hz = frequencies(
      samplesOf({ kind: 'fsk', levels: 4, symbolRateHz: 4_800, deviationHz: 1_944 }, 0.5),
      RATE_HZ,
    );
    const levels = new Set(Array.from(hz, (value) => Math.round(value)));
    expect([...levels].sort((a, b) => a - b)).toEqual([-1_944, -648, 648, 1_944]);
  });

  it('a Gaussian filter narrows FSK', () => {
    const plain: Signal = { kind: 'fsk', levels: 2, symbolRateHz: 20_000, deviationHz: 10_000 };
    const width = (signal: Signal) => {
      const density = welch(samplesOf(signal, 1), 4096);
      return 1 - bandPower(density, RATE_HZ, -40_000, 40_000) / bandPower(density, RATE_HZ, -256_000, 256_000);
    };
    expect(width({ ...plain, bt: 0.5 })).toBeLessThan(width(plain) / 10);
  });

  it('on-off keying is on for half of each bit', () => {
    const values = samplesOf({ kind: 'ook', bitRateHz: 1_000 }, 0.5);
    let on = 0;
    for (let i = 0; i < values.length; i += 2) if (values[i] > 0.75) on++;
    // With edges of 15 % of a half bit, the carrier is above half of its height for 85 % of it.
    expect(on / (values.length / 2)).toBeGreaterThan(0.41);
    expect(on / (values.length / 2)).toBeLessThan(0.45);
  });

  it('a chirp rises over its span in its period', () => {
    const hz = frequencies(samplesOf({ kind: 'chirp', spanHz: 100_000, periodSeconds: 0.01 }, 0.02), RATE_HZ);
    expect(hz[0]).toBeCloseTo(-50_000, -2);
    expect(hz[2_560]).toBeCloseTo(0, -2);
    expect(hz[5_110]).toBeCloseTo(50_000, -3);
  });

  it('a hopper visits all of its channels and no other frequency', () => {
    const signal: Signal = {
      kind: 'hopper',
      channels: 8,
      spacingHz: 25_000,
      dwellSeconds: 0.01,
      symbolRateHz: 5_000,
      deviationHz: 2_000,
    };
    const seen = new Set<number>();
    for (const hz of frequencies(samplesOf(signal, 2), RATE_HZ)) {
      const channel = Math.round(hz / 25_000 + 3.5);
      if (Math.abs(hz - (channel - 3.5) * 25_000) > 2_001) throw new Error(`between channels: ${hz} Hz`);
      seen.add(channel);
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
