import { measureEmission } from '../analysis/measurement/measure-emission.ts';
import type { Target } from '../analysis/measurement/stretch.ts';
import type { IqBlock } from '../core/frames.ts';
import type { EmissionMeasurement } from '../core/measurement.ts';
import { Transforms } from '../dsp/transform.ts';
import { SAMPLE_READERS } from '../spectrum/samples.ts';

/** Gapless blocks of one tuning, and what is to be measured in them. The samples are shared: nobody writes to them. */
export interface MeasurementTask {
  readonly blocks: readonly Pick<IqBlock, 'format' | 'samples' | 'pairs'>[];
  readonly timeMs: number;
  /** As they truly are: the receiver's correction is in them. */
  readonly centerHz: number;
  readonly sampleRateHz: number;
  readonly targets: readonly Target[];
}

export type MeasurementResult = EmissionMeasurement | null;

/** The work itself, with its transforms. */
export function createTaskMeter(): (task: MeasurementTask) => MeasurementResult[] {
  const transforms = new Transforms();
  return ({ blocks, timeMs, centerHz, sampleRateHz, targets }) => {
    const pieces = blocks.map(({ format, samples, pairs }) => {
      const values = new Float32Array(2 * pairs);
      SAMPLE_READERS[format](samples, 0, 2 * pairs, values);
      return values;
    });
    const stretch = { pieces, centerHz, sampleRateHz };
    return targets.map((target) => measureEmission(stretch, target, timeMs, transforms));
  };
}
