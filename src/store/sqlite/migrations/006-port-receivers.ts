import { type Kysely, sql } from 'kysely';

/** Where a receiver was found that nobody configured: its port and the family that it looks like, as JSON. */
const STATEMENT = 'alter table receivers add column found text';

export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(STATEMENT).execute(db);
}
