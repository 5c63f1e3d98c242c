import type {
  CalibrationPoint,
  CalibrationSighting,
  LevelProposal,
  LevelReferences,
  StationReference,
} from '../core/calibration.ts';
import { robustMedian } from './carrier-centre.ts';

/** Field strength, dBµV/m, less the level that it makes at 50 Ω, dBm, for an antenna factor of 0 dB/m. */
const DBUV_OF_0_DBM = 10 * Math.log10(50) + 90;

/** Antenna factor in dB/m of a gain in dBi at 50 Ω: 20·log10(f/MHz) − 29.78 − G. */
export function antennaFactorDbPerM(gainDbi: number, frequencyHz: number): number {
  return 20 * Math.log10(frequencyHz / 1e6) - 29.78 - gainDbi;
}

/** What must arrive at the receiver's input, dBm. */
function expectedDbm(
  fieldDbuVM: number,
  frequencyHz: number,
  { antennaGainDbi, cableLossDb }: LevelReferences,
): number {
  return fieldDbuVM - antennaFactorDbPerM(antennaGainDbi, frequencyHz) - cableLossDb - DBUV_OF_0_DBM;
}

function fieldOf(reference: StationReference, sighting: CalibrationSighting): number | null {
  if (reference.fieldStrengthDbuVM !== null) return reference.fieldStrengthDbuVM;
  if (reference.erpKw === null || sighting.freeSpaceDbuVM === null) return null;
  return sighting.freeSpaceDbuVM + 10 * Math.log10(reference.erpKw);
}

/**
 * The offset that makes the levels of stations what their field strengths ask for: the median over them, so that one
 * behind a hill does not count. A field strength computed from e.r.p. over free space is more than arrives: the
 * offset from it is an upper bound, and said to be. Null without one usable reference.
 */
export function proposeLevel(
  sightings: readonly CalibrationSighting[],
  references: LevelReferences,
): LevelProposal | null {
  const used = references.stations.flatMap((reference) => {
    const sighting = sightings.find(({ assignment }) => assignment === reference.assignment);
    const field = sighting === undefined ? null : fieldOf(reference, sighting);
    if (sighting === undefined || field === null) return [];
    const isMeasured = reference.fieldStrengthDbuVM !== null;
    return [{ sighting, isMeasured, expected: expectedDbm(field, sighting.licensedHz, references) }];
  });
  if (used.length === 0) return null;
  // A field strength that was measured goes before every bound.
  const counted = used.some(({ isMeasured }) => isMeasured) ? used.filter(({ isMeasured }) => isMeasured) : used;
  const offsetDb = robustMedian(counted.map(({ sighting, expected }) => expected - sighting.level));
  return {
    offsetDb,
    upperBound: !counted[0]!.isMeasured,
    stations: used.map(({ sighting, isMeasured, expected }) => ({
      assignment: sighting.assignment,
      expectedDbm: expected,
      residualDb: expected - sighting.level - offsetDb.value,
      from: isMeasured ? 'measured' : 'free-space',
    })),
    points: pointsOf(sightings, references, offsetDb.value),
  };
}

/** Offset and antenna change little so close to the stations that were heard: as a share of their frequencies. */
const MARGIN = 0.02;

/** The offset holds over the stations that were heard, and beyond them by the rule for a table's ends. */
function pointsOf(
  sightings: readonly CalibrationSighting[],
  { antennaGainDbi, cableLossDb }: LevelReferences,
  levelOffsetDb: number,
): CalibrationPoint[] {
  const heardHz = sightings.map(({ licensedHz }) => licensedHz);
  const gainDb = sightings[0]?.gainDb ?? null;
  return [Math.min(...heardHz) * (1 - MARGIN), Math.max(...heardHz) * (1 + MARGIN)].map((frequencyHz) => ({
    frequencyHz,
    gainDb,
    levelOffsetDb,
    antennaFactorDbPerM: antennaFactorDbPerM(antennaGainDbi, frequencyHz),
    cableLossDb,
  }));
}
