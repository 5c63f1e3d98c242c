import type { Recording, RecordingOptions } from './recording.ts';

/**
 * Opens a recording or a sweep log. Throws `unreadable` with one line that names the file and what was
 * expected, where nothing whole is in it, its format is not known, or raw IQ has no rate.
 */
export async function openRecording(path: string, options: RecordingOptions): Promise<Recording> {
  throw new Error(`not there yet: ${path} ${options.format}`);
}
