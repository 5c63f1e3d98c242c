import type { IqBlock } from '../core/frames.ts';
import type { EstimationMethod, PowerSpectrum } from '../core/spectrum.ts';

/** Turns IQ blocks into looks. One instance a thread; its scratch memory belongs to it. */
export interface SpectrumEstimator {
  readonly method: EstimationMethod;
  /**
   * Estimates one block by itself: no averaging crosses its edges, so the result does not depend on which
   * thread or machine does it. The arrays of the result are new and belong to the caller.
   */
  estimate(block: IqBlock): PowerSpectrum;
}
