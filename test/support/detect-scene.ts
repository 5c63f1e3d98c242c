import type { Emission } from '../../src/core/emission.ts';
import { BYTES_PER_PAIR, type Frame } from '../../src/core/frames.ts';
import { analyzeFrames, type FrameAnalysis } from '../../src/pipeline/frame-analysis.ts';
import type { ReceiverModel } from '../../src/simulation/receiver-model.ts';
import { type RenderedScene, renderScene, type Scene } from '../../src/simulation/scene.ts';
import type { SceneTruth } from '../../src/simulation/truth.ts';
import { createFftJsEstimator } from '../../src/spectrum/fft-js-estimator.ts';
import { type EstimationPlan, pairsPerLook, planEstimation } from '../../src/spectrum/plan.ts';

export interface DetectedScene {
  readonly truth: SceneTruth;
  readonly analysis: FrameAnalysis;
  /** Without the receiver's own artefacts. */
  readonly emissions: readonly Emission[];
}

/** A rendered scene as the looks of a recording. @param isLost blocks that never came */
export async function* sceneBlocks(
  { samples, pairs, format }: RenderedScene,
  { sampleRateHz, centerHz }: ReceiverModel,
  plan: EstimationPlan,
  isLost: (sequence: number) => boolean = () => false,
): AsyncIterable<Frame> {
  const perBlock = Math.min(pairs, pairsPerLook(sampleRateHz, plan));
  const bytes = BYTES_PER_PAIR[format];
  for (let at = 0, sequence = 0; at < pairs; at += perBlock, sequence++) {
    if (isLost(sequence)) continue;
    const count = Math.min(perBlock, pairs - at);
    yield {
      kind: 'iq',
      receiver: 'scene',
      sequence,
      timeNs: BigInt(Math.round((at / sampleRateHz) * 1e9)),
      centerHz,
      sampleRateHz,
      format,
      samples: samples.subarray(at * bytes, (at + count) * bytes),
      pairs: count,
      gainDb: null,
      gnssTime: false,
      lostBefore: sequence > 0 && isLost(sequence - 1),
      overload: false,
    };
  }
}

/** Renders a scene and runs it through the detection path as `analyze` does. @param isLost blocks that never came @param afterwards what else happens to the samples */
export async function detectScene(
  scene: Scene,
  seconds: number,
  isLost: (sequence: number) => boolean = () => false,
  afterwards: (samples: Uint8Array) => void = () => {},
): Promise<DetectedScene> {
  const rendered = renderScene(scene, seconds);
  afterwards(rendered.samples);
  const plan = planEstimation(scene.receiver.sampleRateHz, rendered.pairs);
  const blocks = sceneBlocks(rendered, scene.receiver, plan, isLost);
  const analysis = await analyzeFrames(blocks, createFftJsEstimator(plan), 1e-7);
  const emissions = analysis.emissions.filter((emission) => emission.artefact === null);
  return { truth: rendered.truth, analysis, emissions };
}
