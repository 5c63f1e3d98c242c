import type { IqBlock } from '../core/frames.ts';
import type { EstimationMethod, PowerSpectrum } from '../core/spectrum.ts';
import type { SpectralWindow } from '../dsp/windows.ts';
import type { EstimationPlan } from './plan.ts';

/** How a block is cut: row r averages the transforms ⌊r·T/rows⌋ … ⌊(r+1)·T/rows⌋ − 1, which start a hop after each other. */
export interface Cuts {
  readonly hop: number;
  readonly transforms: number;
  readonly rows: number;
}

export function hopOf(plan: EstimationPlan): number {
  return Math.max(1, Math.round(plan.transformBins * (1 - plan.overlap)));
}

/** All transforms are used: where they do not divide evenly, some rows average one or two more. */
export function cutBlock(pairs: number, plan: EstimationPlan): Cuts {
  const hop = hopOf(plan);
  const transforms = Math.max(1, Math.floor((pairs - plan.transformBins) / hop) + 1);
  return { hop, transforms, rows: Math.max(1, Math.floor(transforms / plan.averages)) };
}

export function methodOf(plan: EstimationPlan, window: SpectralWindow): EstimationMethod {
  return {
    window: plan.window,
    transformBins: plan.transformBins,
    overlap: plan.overlap,
    enbwBins: window.enbwBins,
    averages: plan.averages,
  };
}

/** The look of a block from what an estimator found in it. */
export function lookOf(
  block: IqBlock,
  method: EstimationMethod,
  { hop, transforms, rows }: Cuts,
  found: Pick<PowerSpectrum, 'mean' | 'max' | 'clipped'>,
): PowerSpectrum {
  const bins = method.transformBins;
  const averages = Math.floor(transforms / rows);
  return {
    receiver: block.receiver,
    sequence: block.sequence,
    timeNs: block.timeNs,
    startHz: block.centerHz - block.sampleRateHz / 2,
    stepHz: block.sampleRateHz / bins,
    bins,
    rbwHz: (block.sampleRateHz / bins) * method.enbwBins,
    rows,
    rowSeconds: (transforms * hop) / rows / block.sampleRateHz,
    mean: found.mean,
    max: found.max,
    unit: 'dBFS',
    method: averages === method.averages ? method : { ...method, averages },
    centerHz: block.centerHz,
    clipped: found.clipped,
    samples: block.pairs,
    lostBefore: block.lostBefore,
    gainDb: block.gainDb,
    overload: block.overload,
  };
}
