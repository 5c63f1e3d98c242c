import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { createTaskMeter } from './measurement.ts';

const NICE = 10;

/** Linux gives each thread a priority of its own: what measures must not keep what detects waiting. */
try {
  setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), NICE);
} catch {
  // Elsewhere it shares the processor evenly.
}

/** Entry of the measuring thread: the IQ is shared and stays where it is. */
export default createTaskMeter();
