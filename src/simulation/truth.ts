import type { EmissionKind } from '../core/emission.ts';
import { BandwardenError } from '../core/errors.ts';
import { type BandwidthOrigin, trueBandwidth } from './occupied-bandwidth.ts';
import { actualTuning, imageRatioDb, type ReceiverModel } from './receiver-model.ts';
import type { Emitter, Scene } from './scene.ts';
import { type Transmission, transmissionsUntil } from './schedule.ts';
import type { SignalKind } from './signal.ts';

/** One emitter of a scene, as a perfect analysis would report it. */
export interface EmissionTruth {
  readonly name: string;
  readonly signal: SignalKind;
  readonly kind: EmissionKind;
  /** Centre at the start of the scene, as it really is. */
  readonly centerHz: number;
  /** Where the receiver, with its clock's error, shows it. */
  readonly apparentCenterHz: number;
  readonly driftHzPerSecond: number;
  /** 99 % of the power; 0 for a carrier. `bandwidthOrigin` says how it is known. */
  readonly occupiedBandwidthHz: number;
  readonly bandwidthOrigin: BandwidthOrigin;
  /** Mean power on the air, and its ratio to the noise in the occupied bandwidth (for a carrier, in 1 Hz). */
  readonly powerDbfs: number;
  readonly snrDb: number;
  readonly transmissions: readonly Transmission[];
}

/** What the receiver itself adds. */
export interface ArtefactTruth {
  readonly artefact: 'dc-spike' | 'image' | 'spur';
  readonly centerHz: number;
  readonly powerDbfs: number;
  /** Name of the emitter whose image it is. */
  readonly of: string | null;
}

export interface SceneTruth {
  readonly seed: number;
  readonly durationSeconds: number;
  readonly centerHz: number;
  readonly sampleRateHz: number;
  /** Noise density in the pass band, dBFS in 1 Hz. */
  readonly noiseDensityDbfs: number;
  readonly emissions: readonly EmissionTruth[];
  readonly artefacts: readonly ArtefactTruth[];
}

/** Noise density in the pass band, dBFS in 1 Hz. */
function noiseDensityDbfs(receiver: ReceiverModel): number {
  return receiver.noiseDbfs - 10 * Math.log10(receiver.sampleRateHz);
}

/** Mean power on the air, from `powerDbfs` or from `snrDb` and the emission's bandwidth. */
export function emitterPowerDbfs(emitter: Emitter, receiver: ReceiverModel): number {
  if (emitter.powerDbfs !== undefined && emitter.snrDb === undefined) return emitter.powerDbfs;
  const { hz } = trueBandwidth(emitter.signal);
  if (emitter.snrDb === undefined || emitter.powerDbfs !== undefined || hz === 0) {
    const expected = hz === 0 ? 'powerDbfs (a carrier has no bandwidth to refer an SNR to)' : 'powerDbfs or snrDb';
    throw new BandwardenError('bad-argument', `emitter ${emitter.name}: ${expected} expected`);
  }
  return emitter.snrDb + noiseDensityDbfs(receiver) + 10 * Math.log10(hz);
}

export function truthOf(scene: Scene, durationSeconds: number): SceneTruth {
  const { receiver } = scene;
  const emissions = scene.emitters.map((emitter) => emissionTruth(emitter, receiver, durationSeconds));
  return {
    seed: scene.seed,
    durationSeconds,
    centerHz: receiver.centerHz,
    sampleRateHz: receiver.sampleRateHz,
    noiseDensityDbfs: noiseDensityDbfs(receiver),
    emissions,
    artefacts: artefactsOf(receiver, emissions),
  };
}

function emissionTruth(emitter: Emitter, receiver: ReceiverModel, durationSeconds: number): EmissionTruth {
  const { hz, origin } = trueBandwidth(emitter.signal);
  const powerDbfs = emitterPowerDbfs(emitter, receiver);
  const transmissions = transmissionsUntil(emitter.schedule ?? 'always', durationSeconds);
  const tuning = actualTuning(receiver);
  return {
    name: emitter.name,
    signal: emitter.signal.kind,
    kind: kindOf(emitter, transmissions, durationSeconds),
    centerHz: emitter.centerHz,
    apparentCenterHz:
      receiver.centerHz + ((emitter.centerHz - tuning.centerHz) * receiver.sampleRateHz) / tuning.sampleRateHz,
    driftHzPerSecond: emitter.driftHzPerSecond ?? 0,
    occupiedBandwidthHz: hz,
    bandwidthOrigin: origin,
    powerDbfs,
    snrDb: powerDbfs - noiseDensityDbfs(receiver) - 10 * Math.log10(hz === 0 ? 1 : hz),
    transmissions,
  };
}

function kindOf(emitter: Emitter, transmissions: readonly Transmission[], durationSeconds: number): EmissionKind {
  if (emitter.signal.kind === 'hopper') return 'hopping';
  if (emitter.signal.kind === 'noise') return 'noise';
  const [first] = transmissions;
  if (first && first.startSeconds <= 0 && first.stopSeconds >= durationSeconds) return 'continuous';
  return transmissions.every((t) => t.stopSeconds - t.startSeconds < 1) ? 'burst' : 'intermittent';
}

function artefactsOf(receiver: ReceiverModel, emissions: readonly EmissionTruth[]): ArtefactTruth[] {
  const found: ArtefactTruth[] = [];
  const { centerHz, dcSpikeDbfs, iqImbalance } = receiver;
  if (dcSpikeDbfs !== undefined) found.push({ artefact: 'dc-spike', centerHz, powerDbfs: dcSpikeDbfs, of: null });
  for (const { offsetHz, levelDbfs } of receiver.spurs ?? []) {
    found.push({ artefact: 'spur', centerHz: centerHz + offsetHz, powerDbfs: levelDbfs, of: null });
  }
  if (iqImbalance !== undefined) {
    for (const emission of emissions) {
      const mirrored = 2 * centerHz - emission.apparentCenterHz;
      const powerDbfs = emission.powerDbfs + imageRatioDb(iqImbalance);
      found.push({ artefact: 'image', centerHz: mirrored, powerDbfs, of: emission.name });
    }
  }
  return found;
}
