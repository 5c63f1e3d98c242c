import type { Emission } from '../core/emission.ts';
import type { VerdictReason } from '../core/records.ts';
import { rounded } from '../core/units.ts';
import type { Capture } from '../ingest/recordings/recording.ts';
import type { FrameAnalysis } from '../pipeline/frame-analysis.ts';

/** The lines of `analyze --json`: names and order are the contract's. */

export type Line = Readonly<Record<string, string | number | null>>;

const HZ_DECIMALS = 0;
const SECONDS_DECIMALS = 4;
const DB_DECIMALS = 1;

const hz = (value: number | null) => (value === null ? null : rounded(value, HZ_DECIMALS));

export function recordingLine(file: string, format: string, capture: Capture): Line {
  const base = { type: 'recording', file, format };
  if (capture.kind === 'iq') {
    return {
      ...base,
      datatype: capture.datatype,
      centerHz: capture.centerHz,
      sampleRateHz: capture.sampleRateHz,
      durationSeconds: rounded(capture.durationSeconds, 6),
      startTime: capture.startTime,
    };
  }
  return {
    ...base,
    centerHz: rounded((capture.startHz + capture.stopHz) / 2, 3),
    sampleRateHz: null,
    durationSeconds: rounded(capture.durationSeconds, 6),
    startTime: capture.startTime,
    sweeps: capture.count,
    points: capture.points,
    startHz: rounded(capture.startHz, 3),
    stopHz: rounded(capture.stopHz, 3),
    stepHz: rounded(capture.stepHz, 3),
    peakHz: rounded(capture.peakHz, 3),
    peakLevel: rounded(capture.peakLevel, 2),
    unit: capture.unit,
  };
}

/** @param offsetSeconds where the emission's capture begins in the file */
export function emissionLine(
  file: string,
  id: number,
  emission: Emission,
  offsetSeconds: number,
  verdict: VerdictReason,
): Line {
  return {
    type: 'emission',
    file,
    id,
    startSeconds: rounded(emission.startSeconds + offsetSeconds, SECONDS_DECIMALS),
    stopSeconds: rounded(emission.stopSeconds + offsetSeconds, SECONDS_DECIMALS),
    centerHz: hz(emission.centerHz),
    peakHz: hz(emission.peakHz),
    lowHz: hz(emission.lowHz),
    highHz: hz(emission.highHz),
    occupiedBandwidthHz: hz(emission.occupiedBandwidthHz),
    snrDb: rounded(emission.snrDb, DB_DECIMALS),
    level: rounded(emission.level, DB_DECIMALS),
    unit: emission.unit,
    activeSeconds: rounded(emission.activeSeconds, SECONDS_DECIMALS),
    bursts: emission.bursts,
    kind: emission.kind,
    assignment: verdict.assignment,
    verdict: verdict.verdict,
  };
}

export function summaryLine(
  file: string,
  emissions: number,
  analyses: readonly FrameAnalysis[],
  rejected: number,
  processingSeconds: number | null,
): Line {
  const first = analyses.find((analysis) => analysis.unit !== null);
  const sum = (of: (analysis: FrameAnalysis) => number) =>
    analyses.reduce((total, analysis) => total + of(analysis), 0);
  return {
    type: 'summary',
    file,
    emissions,
    samples: sum((analysis) => analysis.samples),
    noiseFloor: first?.noiseFloor == null ? null : rounded(first.noiseFloor, DB_DECIMALS),
    unit: first?.unit ?? null,
    rbwHz: first?.rbwHz == null ? null : rounded(first.rbwHz, DB_DECIMALS),
    clipped: sum((analysis) => analysis.clipped),
    rejected,
    ...(processingSeconds === null ? {} : { processingSeconds: rounded(processingSeconds, 3) }),
  };
}

const COLUMNS = ['id', 'start s', 'stop s', 'centre MHz', 'width kHz', 'SNR dB', 'level', 'bursts', 'kind', 'verdict'];

/** The same for people: a table a file. */
export function table(lines: readonly Line[]): string {
  const [recording] = lines;
  const summary = lines.at(-1)!;
  const mhz = (value: unknown) => (typeof value === 'number' ? (value / 1e6).toFixed(4) : '–');
  const rows = lines
    .filter((line) => line.type === 'emission')
    .map((line) => [
      String(line.id),
      Number(line.startSeconds).toFixed(3),
      Number(line.stopSeconds).toFixed(3),
      mhz(line.centerHz),
      typeof line.occupiedBandwidthHz === 'number' ? (line.occupiedBandwidthHz / 1000).toFixed(1) : '–',
      Number(line.snrDb).toFixed(1),
      `${Number(line.level).toFixed(1)} ${line.unit}`,
      String(line.bursts),
      String(line.kind),
      line.assignment ? `${line.verdict} (${line.assignment})` : String(line.verdict),
    ]);
  const widths = COLUMNS.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  const format = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart(widths[i])).join('  ');
  const what =
    recording.sampleRateHz === null
      ? `${recording.sweeps} sweeps of ${recording.points} points, ${mhz(recording.startHz)}–${mhz(recording.stopHz)} MHz`
      : `${(Number(recording.sampleRateHz) / 1e6).toFixed(3)} MS/s at ${mhz(recording.centerHz)} MHz, ${Number(recording.durationSeconds).toFixed(2)} s`;
  const end = `${summary.emissions} emissions, noise floor ${summary.noiseFloor ?? '–'} ${summary.unit ?? ''} in ${summary.rbwHz ?? '–'} Hz`;
  const body = rows.length > 0 ? [format(COLUMNS), ...rows.map(format)] : ['nothing stands out of the noise'];
  return [`${recording.file}  ${recording.format}, ${what}`, ...body, end, ''].join('\n');
}

/** Emissions as CSV, for a spreadsheet: the columns are the names of the JSON lines. */
export function csv(lines: readonly Line[]): string {
  const emissions = lines.filter((line) => line.type === 'emission');
  const names = Object.keys(emissions[0] ?? {}).filter((name) => name !== 'type');
  const cell = (value: string | number | null) => {
    const text = value === null ? '' : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names.join(','), ...emissions.map((line) => names.map((name) => cell(line[name])).join(','))]
    .join('\n')
    .concat('\n');
}
