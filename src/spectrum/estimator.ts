import type { IqBlock } from '../core/frames.ts';
import type { EstimationMethod, PowerSpectrum } from '../core/spectrum.ts';
import type { RowStatistics } from '../dsp/row-statistics.ts';

/** Turns IQ blocks into looks. One instance a thread; its scratch memory belongs to it. */
export interface SpectrumEstimator {
  readonly method: EstimationMethod;
  /** For who looks at the results in this thread: those of the last one where it was made, without a copy. */
  readonly statistics: RowStatistics;
  /**
   * Estimates one block by itself: no averaging crosses its edges, so the result does not depend on which
   * thread or machine does it. The arrays of the result are new and belong to the caller.
   */
  estimate(block: IqBlock): PowerSpectrum;
}
