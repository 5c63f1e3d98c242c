import type { Sweep } from '../core/frames.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { powerFromDb } from '../core/units.ts';

/** A sweep as a look of one row: it takes the same detector as a transform does. */
export function spectrumFromSweep(sweep: Sweep): PowerSpectrum {
  const bins = sweep.powers.length;
  const mean = new Float32Array(bins);
  for (let k = 0; k < bins; k++) mean[k] = powerFromDb(sweep.powers[k]);
  return {
    receiver: sweep.receiver,
    sequence: sweep.sequence ?? 0,
    timeNs: sweep.timeNs,
    startHz: sweep.startHz,
    stepHz: sweep.stepHz,
    bins,
    rbwHz: sweep.rbwHz ?? sweep.stepHz,
    rows: 1,
    rowSeconds: sweep.durationSeconds ?? 0,
    mean,
    max: null,
    unit: sweep.unit,
    method: null,
    centerHz: null,
    clipped: 0,
    samples: 0,
    lostBefore: sweep.flags.includes('lost'),
    gainDb: sweep.gainDb,
    overload: sweep.flags.includes('overload'),
  };
}
