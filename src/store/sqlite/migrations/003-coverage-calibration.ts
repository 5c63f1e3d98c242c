import { type Kysely, sql } from 'kysely';

/** When receivers observed, what corrects their levels and frequencies, and bearings. */
const STATEMENTS = [
  `create table coverage (
    receiver text not null, kind text not null, lowHz real not null, highHz real not null,
    fromMs real not null, toMs real not null, gaps text not null, moreGaps text not null,
    dwellSeconds real, revisits text not null, longestRevisitSeconds real, clock text not null,
    primary key (receiver, fromMs, lowHz, highHz, kind)
  ) strict, without rowid`,
  `create index coverageByEnd on coverage (receiver, toMs)`,
  `create table calibrations (
    id text primary key, receiver text not null, version integer not null check (version > 0),
    frequencyCorrectionPpm real, points text not null, calibratedMs real not null, validUntilMs real,
    by text not null, method text not null, unique (receiver, version)
  ) strict`,
  // A version that a measurement names must stay as it was.
  `create trigger calibrationsStay before update on calibrations begin
    select raise(abort, 'a version of a calibration is never changed');
  end`,
  `alter table emissions add column calibration text`,
  `create table bearings (
    id text primary key, receiver text not null, timeMs real not null, frequencyHz real not null,
    lat real not null, lon real not null, bearingDegrees real not null, uncertaintyDegrees real,
    quality real, levelDb real, source text not null, by text not null, receivedMs real not null
  ) strict`,
  `create index bearingsByFrequency on bearings (frequencyHz, timeMs)`,
  `create index bearingsByTime on bearings (timeMs)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
