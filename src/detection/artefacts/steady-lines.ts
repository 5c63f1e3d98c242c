import type { Track } from '../track.ts';
import type { TuningTracker } from '../tuning-tracker.ts';
import { clockHarmonics, type Line } from './clock-harmonics.ts';

interface SteadyLine extends Line {
  readonly track: Track;
}

/** An unmodulated line is as wide as the window's main lobe and its skirts. */
const LINE_BINS = 6;
const LEAST_HITS = 20;

/** Marks the combs of clocks over all tunings of a receiver, and takes the mark back where a line is none any more. */
export function markClockHarmonics(tunings: readonly TuningTracker[]): void {
  const lines = tunings.flatMap((tuning) =>
    tuning.tracks.filter(isSteadyLine).map((track): SteadyLine => {
      const { startHz, stepHz } = tuning.look;
      return { track, hz: startHz + strongestBin(track) * stepHz, toleranceHz: stepHz };
    }),
  );
  const watched = tunings.map(({ look }) => ({ lowHz: look.startHz, highHz: look.startHz + look.bins * look.stepHz }));
  const members = new Set([...clockHarmonics(lines, watched)].map(({ track }) => track));
  for (const { tracks } of tunings) {
    for (const track of tracks) {
      if (members.has(track)) track.artefact = 'clock';
      else if (track.artefact === 'clock') track.artefact = null;
    }
  }
}

/** On the air since it came up, and told of. */
function isSteadyLine({ id, partOf, artefact, widthBins, hits, activity }: Track): boolean {
  if (id === 0 || partOf !== null || (artefact ?? 'clock') !== 'clock') return false;
  const pauses = activity.bursts > 1 || activity.intervals.some(({ stopSeen }) => stopSeen);
  return widthBins <= LINE_BINS && hits >= LEAST_HITS && !pauses;
}

function strongestBin({ lowBin, highBin, spectrum }: Track): number {
  let peak = lowBin;
  for (let k = lowBin; k <= highBin; k++) if (spectrum.power(k) > spectrum.power(peak)) peak = k;
  return peak;
}
