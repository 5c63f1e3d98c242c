import { DEFAULT_FALSE_ALARM_PROBABILITY, type Emission } from '../../../src/core/emission.ts';
import { createWindow } from '../../../src/dsp/windows.ts';
import { analyzeFrames } from '../../../src/pipeline/frame-analysis.ts';
import { loadKernel } from '../../../src/pipeline/kernel-file.ts';
import { renderScene } from '../../../src/simulation/scene.ts';
import { chooseEstimator } from '../../../src/spectrum/choose-estimator.ts';
import { planEstimation } from '../../../src/spectrum/plan.ts';
import { hopOf } from '../../../src/spectrum/welch.ts';
import { sceneBlocks } from '../../support/detect-scene.ts';
import { scenePartsOf } from './truth-oracle.ts';
import { type TruthScene, truthScene } from './truth-scenes.ts';
import type { ScoredScene } from './truth-score.ts';

export interface DetectedTruth extends ScoredScene {
  readonly seed: number;
}

/** Renders scene number `seed`, detects in it as `analyze` does, and measures the truth of its parts. */
export async function detectTruthScene(seed: number): Promise<DetectedTruth> {
  const truth = truthScene(seed);
  const { sampleRateHz } = truth.scene.receiver;
  const plan = planEstimation(sampleRateHz, Math.round(truth.durationSeconds * sampleRateHz));
  const stepHz = sampleRateHz / plan.transformBins;
  const rbwHz = stepHz * createWindow(plan.window, plan.transformBins).enbwBins;
  return {
    seed,
    durationSeconds: truth.durationSeconds,
    stepHz,
    hopSeconds: hopOf(plan) / sampleRateHz,
    parts: scenePartsOf(truth.scene, truth.durationSeconds, rbwHz),
    emissions: await detect(truth),
  };
}

/** Without the receiver's own artefacts. */
export async function detect({ scene, durationSeconds }: TruthScene): Promise<readonly Emission[]> {
  const rendered = renderScene(scene, durationSeconds);
  const plan = planEstimation(scene.receiver.sampleRateHz, rendered.pairs);
  const estimator = chooseEstimator(plan, 'auto', loadKernel());
  const { emissions } = await analyzeFrames(
    sceneBlocks(rendered, scene.receiver, plan),
    estimator,
    DEFAULT_FALSE_ALARM_PROBABILITY,
  );
  return emissions.filter(({ artefact }) => artefact === null);
}
