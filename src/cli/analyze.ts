import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { RegisterIndex } from '../analysis/register-match.ts';
import { DEFAULT_FALSE_ALARM_PROBABILITY } from '../core/emission.ts';
import { BandwardenError } from '../core/errors.ts';
import type { VerdictReason } from '../core/records.ts';
import { parseRegisterCsv } from '../formats/register-csv.ts';
import { openRecording } from '../ingest/recordings/open-recording.ts';
import {
  type Capture,
  RECORDING_FORMATS,
  type Recording,
  type RecordingFormat,
} from '../ingest/recordings/recording.ts';
import { analyzeFrames, type FrameAnalysis } from '../pipeline/frame-analysis.ts';
import { loadKernel } from '../pipeline/kernel-file.ts';
import { chooseEstimator } from '../spectrum/choose-estimator.ts';
import { pairsPerLook, planEstimation } from '../spectrum/plan.ts';
import { csv, emissionLine, type Line, recordingLine, summaryLine, table } from './analyze-lines.ts';
import { frequencyArgument } from './arguments.ts';
import { ProgressBar } from './progress-bar.ts';

interface AnalyzeOptions {
  readonly json?: boolean;
  readonly timing?: boolean;
  readonly center?: number;
  readonly rate?: number;
  readonly format: RecordingFormat;
  readonly timezone: string;
  readonly register?: string;
  readonly out?: string;
}

export function analyzeCommand(): Command {
  return new Command('analyze')
    .summary('emissions in recordings and sweep logs')
    .description('Finds the emissions in recordings and sweep logs.')
    .argument('<file...>', 'recordings or sweep logs')
    .option('--json', 'print newline-delimited JSON, one object a line')
    .option('--timing', 'add the processing time to the summary')
    .option('--center <hz>', 'centre frequency of raw IQ, such as 433.92M', frequencyArgument)
    .option('--rate <hz>', 'sample rate of raw IQ, such as 250k', positiveFrequency)
    .addOption(new Option('--format <f>', 'format of the files').choices(RECORDING_FORMATS).default('auto'))
    .option('--timezone <tz>', 'zone of times written without one, such as Asia/Shanghai', timezoneArgument, 'UTC')
    .option('--register <file>', 'frequency assignments (CSV) for the verdicts')
    .option('--out <dir>', 'also write NAME.emissions.jsonl and NAME.emissions.csv for each file')
    .addHelpText(
      'after',
      `
Examples:
  bandwarden analyze g001_433.92M_250k.cu8
  bandwarden analyze --json --rate 2.4M --center 98M capture.cf32 > emissions.jsonl
  bandwarden analyze --timezone Asia/Shanghai --register register.csv night.csv`,
    )
    .action(async (files: string[], options: AnalyzeOptions) => {
      const register = await readRegister(options.register);
      let failed = 0;
      for (const file of files) {
        try {
          await analyzeFile(file, options, register);
        } catch (error) {
          if (!(error instanceof BandwardenError)) throw error;
          failed++;
          process.stderr.write(`bandwarden: ${oneLine(error.message)}\n`);
        }
      }
      if (failed > 0) process.exitCode = 1;
    });
}

async function analyzeFile(file: string, options: AnalyzeOptions, register: RegisterIndex | null): Promise<void> {
  const startedMs = performance.now();
  const recording = await openRecording(file, {
    format: options.format,
    centerHz: options.center ?? null,
    rateHz: options.rate ?? null,
    timezone: options.timezone,
  });
  const progress = new ProgressBar(basename(file), process.stderr);
  const timer = setInterval(() => progress.show(recording.bytesRead, recording.bytesTotal), 100);
  try {
    const analyses: FrameAnalysis[] = [];
    for (const capture of recording.captures) {
      analyses.push(await analyzeCapture(capture));
    }
    progress.clear();
    const seconds = options.timing ? (performance.now() - startedMs) / 1000 : null;
    const lines = linesOf(recording, analyses, register, seconds);
    process.stdout.write(options.json ? toJsonLines(lines) : table(lines));
    if (options.out) await writeResults(options.out, file, lines);
    if (recording.complaint) process.stderr.write(`bandwarden: ${oneLine(recording.complaint)}\n`);
  } finally {
    clearInterval(timer);
    progress.clear();
    await recording.close();
  }
}

function analyzeCapture(capture: Capture): Promise<FrameAnalysis> {
  if (capture.kind === 'sweep') return analyzeFrames(capture.sweeps(), null, DEFAULT_FALSE_ALARM_PROBABILITY);
  const plan = planEstimation(capture.sampleRateHz, capture.pairs);
  const pairs = Math.min(capture.pairs, pairsPerLook(capture.sampleRateHz, plan));
  return analyzeFrames(
    capture.blocks(pairs),
    chooseEstimator(plan, 'auto', loadKernel()),
    DEFAULT_FALSE_ALARM_PROBABILITY,
  );
}

function linesOf(
  recording: Recording,
  analyses: readonly FrameAnalysis[],
  register: RegisterIndex | null,
  seconds: number | null,
): Line[] {
  const { file, format, captures } = recording;
  let offsetSeconds = 0;
  const found = captures.flatMap((capture, i) => {
    const offset = offsetSeconds;
    offsetSeconds += capture.kind === 'iq' ? capture.durationSeconds : 0;
    const sighting = { timeMs: capture.startTime === null ? 0 : Date.parse(capture.startTime), location: null };
    return analyses[i].emissions
      .filter((emission) => emission.artefact === null)
      .map((emission) => {
        const atMs = sighting.timeMs + emission.startSeconds * 1000;
        const known = register !== null && (capture.kind === 'sweep' || capture.centerHz !== null);
        const verdict: VerdictReason = known
          ? register.match(emission, { ...sighting, timeMs: atMs })
          : { verdict: 'undetermined', assignment: null, reasons: [] };
        return { emission, offset, verdict };
      });
  });
  found.sort((a, b) => a.emission.startSeconds + a.offset - (b.emission.startSeconds + b.offset));
  return [
    ...captures.map((capture) => recordingLine(file, format, capture)),
    ...found.map(({ emission, offset, verdict }, i) => emissionLine(file, i + 1, emission, offset, verdict)),
    summaryLine(file, found.length, analyses, recording.rejected, seconds),
  ];
}

async function readRegister(file: string | undefined): Promise<RegisterIndex | null> {
  if (file === undefined) return null;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BandwardenError('unreadable', `${file}: the register cannot be read`, { cause });
  });
  const { rows, rejects } = parseRegisterCsv(text);
  for (const { line, reason } of rejects) process.stderr.write(`bandwarden: ${file}:${line}: ${reason}\n`);
  if (rows.length === 0) throw new BandwardenError('unreadable', `${file}: no usable row; expected the register's CSV`);
  return new RegisterIndex(rows);
}

async function writeResults(folder: string, file: string, lines: readonly Line[]): Promise<void> {
  const path = join(folder, basename(file));
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(`${path}.emissions.jsonl`, toJsonLines(lines));
    await writeFile(`${path}.emissions.csv`, csv(lines));
  } catch (cause) {
    throw new BandwardenError('unreadable', `${folder}: the results cannot be written there`, { cause });
  }
}

function toJsonLines(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function positiveFrequency(text: string): number {
  const value = frequencyArgument(text);
  if (value <= 0) throw new InvalidArgumentError('expected a rate above 0');
  return value;
}

function timezoneArgument(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('expected an IANA time zone, such as UTC or Asia/Shanghai');
  }
}
