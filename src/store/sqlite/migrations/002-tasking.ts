import { type Kysely, sql } from 'kysely';

/** Plans and missions of receivers, and whether a person refused one. */
const STATEMENTS = [
  `alter table receivers add column refused integer not null default 0 check (refused in (0, 1))`,
  `create table tasking (
    receiver text primary key, plan text, home text, changedBy text not null, changedMs real not null
  ) strict`,
  `create table missions (
    id text primary key, receiver text not null, name text not null, schedule text not null, plan text not null,
    enabled integer not null check (enabled in (0, 1)), changedBy text not null, changedMs real not null
  ) strict`,
  `create index missionsByReceiver on missions (receiver)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
