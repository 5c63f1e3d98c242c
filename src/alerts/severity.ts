import type { Verdict } from '../core/emission.ts';
import type { Severity } from '../core/records.ts';

interface SeverityBand {
  readonly lowHz: number;
  readonly highHz: number;
  readonly severity: Severity;
  /** The use that is harmed, by ITU Radio Regulations article 5 (distress: appendix 15). */
  readonly use: string;
}

/** What an unexplained emission endangers, by where it lies; the first row that it touches counts. */
export const SEVERITY_BANDS: readonly SeverityBand[] = [
  { lowHz: 2.1735e6, highHz: 2.1905e6, severity: 'critical', use: 'distress, 2182 kHz' },
  { lowHz: 74.8e6, highHz: 75.2e6, severity: 'critical', use: 'aeronautical marker beacons' },
  { lowHz: 108e6, highHz: 137e6, severity: 'critical', use: 'aeronautical navigation and communication' },
  { lowHz: 156.7625e6, highHz: 156.8375e6, severity: 'critical', use: 'maritime distress, channel 16' },
  { lowHz: 242.95e6, highHz: 243.05e6, severity: 'critical', use: 'distress, 243 MHz' },
  { lowHz: 328.6e6, highHz: 335.4e6, severity: 'critical', use: 'instrument landing, glide path' },
  { lowHz: 406e6, highHz: 406.1e6, severity: 'critical', use: 'distress beacons to satellites' },
  { lowHz: 960e6, highHz: 1164e6, severity: 'critical', use: 'aeronautical ranging and secondary radar' },
  { lowHz: 1164e6, highHz: 1300e6, severity: 'critical', use: 'satellite navigation' },
  { lowHz: 1559e6, highHz: 1610e6, severity: 'critical', use: 'satellite navigation' },
  { lowHz: 0.5265e6, highHz: 1.6065e6, severity: 'high', use: 'broadcasting, medium wave' },
  { lowHz: 87e6, highHz: 108e6, severity: 'high', use: 'broadcasting, VHF-FM' },
  { lowHz: 174e6, highHz: 230e6, severity: 'high', use: 'broadcasting, band III' },
  { lowHz: 470e6, highHz: 694e6, severity: 'high', use: 'broadcasting, bands IV and V' },
];

/** A licensed station outside its terms is known and can be called; an unknown one cannot. */
const OUTSIDE_TERMS: Readonly<Record<Severity, Severity>> = {
  critical: 'high',
  high: 'low',
  medium: 'low',
  low: 'low',
};

export function severityOf(lowHz: number, highHz: number, verdict: Verdict): Severity {
  const band = SEVERITY_BANDS.find((row) => lowHz < row.highHz && highHz > row.lowHz);
  const severity = band?.severity ?? 'medium';
  return verdict === 'outside-terms' ? OUTSIDE_TERMS[severity] : severity;
}
