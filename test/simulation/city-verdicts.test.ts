import { beforeAll, describe, expect, it } from 'vitest';
import { LiveCsv } from '../../hardware/mqtt/live-csv.ts';
import { rtlPowerLines } from '../../hardware/mqtt/rtl-power-lines.ts';
import { severityOf } from '../../src/alerts/severity.ts';
import { ruleFor } from '../../src/alerts/sighting.ts';
import { RegisterIndex } from '../../src/analysis/register-match.ts';
import type { Emission, Verdict } from '../../src/core/emission.ts';
import type { PowerSpectrum } from '../../src/core/spectrum.ts';
import { EmissionDetector } from '../../src/detection/emission-detector.ts';
import { type CityReceiver, createCity } from '../../src/simulation/city/city.ts';
import { CITY_REGISTER } from '../../src/simulation/city/register.ts';
import type { SpectrumEstimator } from '../../src/spectrum/estimator.ts';
import { createFftJsEstimator } from '../../src/spectrum/fft-js-estimator.ts';
import { planEstimation } from '../../src/spectrum/plan.ts';
import { spectrumFromSweep } from '../../src/spectrum/sweep-spectrum.ts';

const START_NS = 1_790_000_000_000_000_000n;
/** Verdicts of legitimate traffic and of the receiver's own artefacts: they raise nothing. */
const CALM = ['assigned', 'exempt', 'artefact', 'undetermined'];
let city: Map<string, CityReceiver>;

beforeAll(() => {
  city = new Map(createCity(1).map((receiver) => [receiver.id, receiver]));
}, 60_000);

/** Looks of one receiver over a stretch of the script, as the service makes them, each with its end. */
function* looks(receiver: CityReceiver, fromSeconds: number, toSeconds: number): Generator<[PowerSpectrum, number]> {
  const csv = new LiveCsv(receiver.id);
  let estimator: SpectrumEstimator | null = null;
  for (let k = Math.round(fromSeconds / receiver.frameSeconds); (k + 1) * receiver.frameSeconds <= toSeconds; k++) {
    const frame = receiver.frame(k, START_NS);
    const endSeconds = (k + 1) * receiver.frameSeconds;
    if (frame.kind === 'iq') {
      estimator ??= createFftJsEstimator(planEstimation(frame.sampleRateHz, null));
      yield [estimator.estimate(frame), endSeconds];
    } else if (receiver.wire === 'rtl_power') {
      const sweeps: PowerSpectrum[] = [];
      const text = new TextEncoder().encode(rtlPowerLines(frame, 512, 610));
      csv.take(
        text,
        (sweep) => sweeps.push(spectrumFromSweep(sweep)),
        ({ detail }) => {
          throw new Error(detail);
        },
      );
      for (const look of sweeps) yield [look, endSeconds];
    } else yield [spectrumFromSweep(frame), endSeconds];
  }
}

/** Frequencies, to 10 kHz, that a person would be told of, each with the second in which it was first. */
function alarming(id: string, fromSeconds: number, toSeconds: number): Map<number, number> {
  const receiver = city.get(id)!;
  const register = new RegisterIndex(CITY_REGISTER);
  const detector = new EmissionDetector({ falseAlarmProbability: 1e-7 });
  const found = new Map<number, number>();
  const sighting = { timeMs: Number(START_NS / 1_000_000n), location: receiver.info.location };
  for (const [look, endSeconds] of looks(receiver, fromSeconds, toSeconds)) {
    for (const { emission } of detector.push(look)) {
      if (CALM.includes(register.match(emission, sighting).verdict)) continue;
      const channelHz = Math.round(emission.centerHz / 10_000) * 10_000;
      if (!found.has(channelHz)) found.set(channelHz, endSeconds);
    }
  }
  return found;
}

describe('the service, listening to the city', () => {
  it.each([
    ['observatory-hill', 0, 200, 98_700_000, 8],
    ['north-mast', 4, 11, 98_700_000, 8],
    ['airport', 20, 120, 122_950_000, 40],
    ['harbour', 60, 90, 409_600_000, 70],
  ])(
    '%s: of what it hears from %i s to %i s it is alarmed at %i Hz alone, within 2 s',
    (id, from, to, hz, onSeconds) => {
      const found = alarming(id, from, to);
      expect([...found.keys()]).toEqual([hz]);
      expect(found.get(hz)! - onSeconds).toBeLessThan(2);
    },
    60_000,
  );

  it('ring-road: the jammer that passes is one wideband rise of critical severity, from first to last', () => {
    const receiver = city.get('ring-road')!;
    const register = new RegisterIndex(CITY_REGISTER);
    const detector = new EmissionDetector({ falseAlarmProbability: 1e-7 });
    const records = new Map<number, Emission & { verdict: Verdict }>();
    const at = { timeMs: Number(START_NS / 1_000_000n), location: receiver.info.location };
    for (const [look] of looks(receiver, 200, 285)) {
      for (const { emission } of detector.push(look)) {
        records.set(emission.id, { ...emission, verdict: register.match(emission, at).verdict });
      }
    }
    const told = [...records.values()];
    expect(told.map(({ kind, verdict }) => [kind, verdict])).toEqual([['noise', 'unassigned']]);
    const [rise] = told;
    expect(ruleFor(rise)).toBe('wideband-rise');
    expect(severityOf(rise.lowHz, rise.highHz, rise.verdict)).toBe('critical');
    // 14 MHz about L1, to two segments of 300 kHz at each edge.
    expect(Math.abs(rise.lowHz - 1_568.42e6)).toBeLessThan(0.6e6);
    expect(Math.abs(rise.highHz - 1_582.42e6)).toBeLessThan(0.6e6);
    // 27.3 dB at the closest point less 3 dB (then the noise has doubled): 14² = (v·t/25 m)² and 25 s to each side.
    expect(rise.startSeconds - (241 - 200 - 25)).toBeLessThan(3);
    expect(rise.activeSeconds).toBeGreaterThan(40);
    expect(rise.bursts).toBe(1);
  }, 60_000);

  it.each([
    ['river-gate', 0, 300],
    ['airport', 140, 300],
    ['observatory-hill', 190, 500],
    ['harbour', 180, 200],
    ['town-hall', 0, 30],
    ['north-mast', 0, 7],
    ['ring-road', 0, 205],
    ['ring-road', 280, 500],
  ])(
    '%s: nothing from %i s to %i s alarms it',
    (id, from, to) => {
      expect([...alarming(id, from, to)]).toEqual([]);
    },
    60_000,
  );
});
