import { OCCUPANCY_KINDS, type OccupancyReading } from '../../core/occupancy.ts';
import { maybeNumber, number, oneOf, recordSchema, text } from './common.ts';

export const OccupancySchema = recordSchema<OccupancyReading>(
  {
    receiver: text,
    hourMs: number,
    kind: oneOf(OCCUPANCY_KINDS),
    name: text,
    lowHz: number,
    highHz: number,
    seconds: number,
    samples: number,
    occupied: number,
    rises: number,
    falls: number,
    occupancyPct: number,
    lowPct: maybeNumber,
    highPct: maybeNumber,
    effectiveSamples: maybeNumber,
  },
  'Occupancy',
);
