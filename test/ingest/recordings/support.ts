import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { IqBlock, Sweep } from '../../../src/core/frames.ts';
import { openRecording } from '../../../src/ingest/recordings/open-recording.ts';
import type { IqCapture, Recording, RecordingOptions, SweepCapture } from '../../../src/ingest/recordings/recording.ts';

/** A folder for this file's recordings, gone after its tests. */
export const folder = mkdtempSync(join(tmpdir(), 'bandwarden-recordings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function write(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export function opened(path: string, options: Partial<RecordingOptions> = {}): Promise<Recording> {
  return openRecording(path, { format: 'auto', timezone: 'UTC', ...options });
}

export function iq(recording: Recording, index = 0): IqCapture {
  const capture = recording.captures[index];
  if (capture?.kind !== 'iq') throw new Error(`captures[${index}] is no IQ`);
  return capture;
}

export function sweepCapture(recording: Recording, index = 0): SweepCapture {
  const capture = recording.captures[index];
  if (capture?.kind !== 'sweep') throw new Error(`captures[${index}] has no sweeps`);
  return capture;
}

export async function blocks(capture: IqCapture, pairs: number): Promise<IqBlock[]> {
  const all: IqBlock[] = [];
  for await (const block of capture.blocks(pairs)) all.push(block);
  return all;
}

export async function sweeps(capture: SweepCapture): Promise<Sweep[]> {
  const all: Sweep[] = [];
  for await (const sweep of capture.sweeps()) all.push(sweep);
  return all;
}

/** The message of the BandwardenError that opening must end in. */
export async function refusal(path: string, options: Partial<RecordingOptions> = {}): Promise<string> {
  const error = await opened(path, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error) || error.name !== 'BandwardenError') throw new Error(`opened, or: ${String(error)}`);
  return error.message;
}
