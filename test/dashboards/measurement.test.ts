import { describe, expect, it } from 'vitest';
import { translate } from '../../dashboards/web/lib/i18n/translate.ts';
import { factsOf, formatRds, formatUncertain, summaryOf } from '../../dashboards/web/lib/measurement.ts';
import type { EmissionMeasurement } from '../../src/core/measurement.ts';

const BROADCASTER: EmissionMeasurement = {
  timeMs: 0,
  method: {
    durationSeconds: 0.5,
    onAirSeconds: 0.5,
    channelRateHz: 512_000,
    channelBandwidthHz: 384_000,
    rbwHz: 3_000,
    averages: 900,
  },
  centerHz: 98_200_004,
  centerUncertaintyHz: 31,
  frequencyOffsetHz: 4,
  occupiedBandwidthHz: 256_000,
  occupiedBandwidthUncertaintyHz: 2_400,
  xDb: 26,
  xDbBandwidthHz: null,
  xDbBandwidthUncertaintyHz: null,
  level: -21.5,
  unit: 'dBFS',
  levelUncertaintyDb: 0.2,
  fieldStrengthDbuVM: null,
  snrDb: 34,
  modulation: 'wfm',
  confidence: 0.99,
  designator: '256KF8E',
  deviationHz: 74_812,
  deviationUncertaintyHz: 600,
  deviationRmsHz: 20_000,
  multiplexPowerDbr: 3.4,
  amDepthPositivePct: null,
  amDepthNegativePct: null,
  amDepthUncertaintyPct: null,
  symbolRateHz: null,
  symbolRateUncertaintyHz: null,
  dutyPct: 100,
  rds: { pi: 0xd318, name: 'RADIO 1 ', blocks: 20, goodBlocks: 20 },
};

describe('a value with its uncertainty', () => {
  it.each([
    [74_812, 600, '74.8 ± 0.6 kHz'],
    [2_500, 14, '2.500 ± 0.014 kHz'],
    [180_400, 12_000, '180 ± 12 kHz'],
    [250, 0.4, '250.0 ± 0.4 Hz'],
    [9_000_000, 30_000, '9.00 ± 0.03 MHz'],
  ])('%d ± %d Hz is written %s', (valueHz, uncertaintyHz, text) => {
    expect(formatUncertain(valueHz, uncertaintyHz, 'en')).toBe(text);
  });
});

describe('a measurement in words', () => {
  it('begins with what it is and who', () => {
    expect(summaryOf(BROADCASTER, (key, fillings) => translate('en', key, fillings), 'en')).toBe(
      'FM, wide · 256KF8E · RDS PI 0xD318 ‘RADIO 1’ · Peak deviation 74.8 ± 0.6 kHz',
    );
    expect(summaryOf(BROADCASTER, (key, fillings) => translate('zh-CN', key, fillings), 'zh-CN')).toContain('宽带调频');
  });

  it('leaves out what could not be measured', () => {
    const labels = factsOf(BROADCASTER, (key) => key, 'en').map(([label]) => label);
    expect(labels).toContain('measured.offset');
    expect(labels).not.toContain('measured.depth');
    expect(labels).not.toContain('measured.field');
    expect(labels).not.toContain('measured.xdb');
  });

  it('writes a PI code in four hexadecimal digits', () => {
    expect(formatRds({ pi: 0x1a, name: null, blocks: 3, goodBlocks: 3 })).toBe('PI 0x001A');
  });
});
