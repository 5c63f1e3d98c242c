import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../src/core/spectrum.ts';
import { createWindow, effectiveAverages } from '../../src/dsp/windows.ts';

describe('windows', () => {
  // Harris 1978, table 1; flat top: ISO 18431-2 to the digits given.
  it.each([
    ['rectangular', 1.0, 0],
    ['hann', 1.5, -6.02],
    ['blackman-harris', 2.004, -8.9],
    ['flat-top', 3.77, -13.33],
  ] as const)('%s has the noise bandwidth and coherent gain of the literature', (name, enbwBins, gainDb) => {
    const window = createWindow(name, 1024);
    expect(window.enbwBins).toBeCloseTo(enbwBins, 2);
    expect(20 * Math.log10(window.sum / 1024)).toBeCloseTo(gainDb, 2);
  });

  // Σ of cosines a_k: gain a_0, ENBW (a_0² + ½·Σ a_k²)/a_0². Harris 1978, equation 33; flat top: D'Antona and Ferrero 2006.
  it.each([
    ['hann', [0.5, 0.5]],
    ['blackman-harris', [0.35875, 0.48829, 0.14128, 0.01168]],
    ['flat-top', [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368]],
  ] as const)(
    '%s has the noise bandwidth of its cosines to nine digits, at every length',
    (name, [first, ...others]) => {
      const enbwBins = (first ** 2 + others.reduce((sum, a) => sum + a ** 2, 0) / 2) / first ** 2;
      for (let length = 256; length <= 262_144; length *= 2) {
        expect(createWindow(name, length).enbwBins).toBeCloseTo(enbwBins, 9);
      }
    },
  );

  it('kaiser has the coherent gain sinh β/(β·I0(β)) of its closed form, and a noise bandwidth between those of the literature', () => {
    // β = 9: I0(9) = 1093.588354511 (Abramowitz and Stegun, table 9.8); Harris 1978 has 1.65 for α = 2.5 and 1.80 for 3.0.
    const { sum, enbwBins } = createWindow('kaiser', 4096);
    expect(sum / 4096).toBeCloseTo(Math.sinh(9) / (9 * 1093.588354511), 4);
    expect(enbwBins).toBeGreaterThan(1.65);
    expect(enbwBins).toBeLessThan(1.8);
  });

  it('are symmetric about their middle, with nothing negative but in the flat top', () => {
    for (const name of WINDOWS) {
      const { values } = createWindow(name, 256);
      for (let n = 1; n < 256; n++) expect(values[n]).toBeCloseTo(values[256 - n], 12);
      if (name !== 'flat-top') expect(Math.min(...values)).toBeGreaterThan(-1e-5);
    }
  });

  // Welch 1967 for long averages; the values of K_eff/K at 50 % and 75 % were verified numerically.
  it.each([
    ['rectangular', 0.5, 0.667],
    ['hann', 0.5, 0.947],
    ['hann', 0.75, 0.52],
    ['blackman-harris', 0.5, 0.997],
    ['blackman-harris', 0.75, 0.701],
  ] as const)('%s at overlap %d leaves a share of %d of the averages independent', (name, overlap, share) => {
    expect(effectiveAverages(createWindow(name, 512), 4000, overlap) / 4000).toBeCloseTo(share, 2);
  });

  it('one periodogram is one average whatever the overlap', () => {
    expect(effectiveAverages(createWindow('hann', 256), 1, 0.75)).toBe(1);
  });
});
