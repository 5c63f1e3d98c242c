import { describe, expect, it } from 'vitest';
import { RtlPowerFftwReader } from '../../src/formats/rtl-power-fftw.ts';

function read(text: string) {
  const reader = new RtlPowerFftwReader({ receiver: 'rx-1', timezone: 'UTC' });
  const first = reader.push(new TextEncoder().encode(text));
  const last = reader.finish();
  return { sweeps: [...first.sweeps, ...last.sweeps], rejects: [...first.rejects, ...last.rejects] };
}

const head = (second: number, program = 'rtl-power-fftw') =>
  [
    `# ${program} output`,
    `# Acquisition start: 2015-11-22 17:59:${second} UTC`,
    `# Acquisition end: 2015-11-22 17:59:${second + 2} UTC`,
    '#',
    '# frequency [Hz] power spectral density [dB/Hz]',
    '',
  ].join('\n');

describe('text of rtl_power_fftw', () => {
  it('is one sweep from blank line pair to blank line pair', () => {
    const scan = (second: number) =>
      `${head(second)}1.000e+06 -68.5\n1.001e+06 -67.5\n\n${head(second)}1.002e+06 -66.5\n1.003e+06 -65.5\n\n\n`;
    const { sweeps, rejects } = read(scan(30) + scan(34));
    expect(rejects).toEqual([]);
    expect(sweeps.map((sweep) => [...sweep.powers])).toEqual([
      [-68.5, -67.5, -66.5, -65.5],
      [-68.5, -67.5, -66.5, -65.5],
    ]);
    expect(sweeps[0]).toMatchObject({ startHz: 1e6, stepHz: 1e3, unit: 'dB', durationSeconds: 2 });
    expect(sweeps[1]!.timeNs).toBe(BigInt(Date.parse('2015-11-22T17:59:34Z')) * 1_000_000n);
  });

  it('in linear units becomes decibels', () => {
    const { sweeps } = read(`${head(30)}1.000e+06 1e-5\n1.001e+06 2e-5\n1.002e+06 1e-3\n\n\n`);
    const [first, second, third] = sweeps[0]!.powers;
    expect([first, third]).toEqual([-50, -30]);
    expect(second).toBeCloseTo(-46.9897, 3);
  });

  it('has the step of its ends, as nine digits do not hold each frequency', () => {
    const { sweeps } = read(
      `${head(30)}1.41940575e+09 -68\n1.41940771e+09 -67\n1.41940966e+09 -66\n1.41941161e+09 -65\n`,
    );
    expect(sweeps[0]!.stepHz).toBeCloseTo((1.41941161e9 - 1.41940575e9) / 3, 6);
  });

  it('of soapy_power is the same, whatever its times look like', () => {
    const text = head(30, 'soapy_power').replaceAll(' UTC', '.250000');
    const { sweeps } = read(`${text}88000000.0 -98.5\n88001000.0 -97.5\n\n\n`);
    expect(sweeps[0]).toMatchObject({ startHz: 88e6, stepHz: 1e3 });
    expect(sweeps[0]!.timeNs).toBe(BigInt(Date.parse('2015-11-22T17:59:30.250Z')) * 1_000_000n);
  });

  it('keeps the place of a line that cannot be read', () => {
    const { sweeps, rejects } = read(`${head(30)}1.000e+06 -68\n1.0x -67\n1.002e+06 -66\n1.003e+06 -65\n`);
    expect([...sweeps[0]!.powers]).toEqual([-68, -68, -66, -65]);
    expect(sweeps[0]!.stepHz).toBe(1e3);
    expect(rejects).toMatchObject([{ reason: 'syntax', count: 1 }]);
  });
});
