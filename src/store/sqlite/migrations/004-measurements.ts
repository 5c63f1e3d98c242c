import { type Kysely, sql } from 'kysely';

/** What was measured of an emission from its IQ, and how long channels were occupied, hour by hour. */
const STATEMENTS = [
  `alter table emissions add column measurement text`,
  `create table occupancy (
    receiver text not null, hourMs real not null, kind text not null, name text not null,
    lowHz real not null, highHz real not null, seconds real not null,
    samples real not null check (samples >= 0), occupied real not null check (occupied between 0 and samples),
    rises integer not null, falls integer not null,
    primary key (receiver, hourMs, kind, name)
  ) strict, without rowid`,
  `create index occupancyByTime on occupancy (hourMs)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
