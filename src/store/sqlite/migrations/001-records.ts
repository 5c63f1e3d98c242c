import { type Kysely, sql } from 'kysely';

/**
 * Tables of the service. STRICT: a wrong type is an error and not a silent conversion.
 * Times are `real`: a block's time has fractions of a millisecond.
 */
const STATEMENTS = [
  `create table receivers (
    id text primary key, name text not null, approved integer not null check (approved in (0, 1)),
    info text not null, firstSeenMs real, lastSeenMs real
  ) strict`,
  `create table receiverCredentials (receiver text primary key, passwordHash text not null) strict`,

  `create table assignments (
    number integer primary key, id text not null unique, source text not null,
    kind text not null check (kind in ('assignment', 'exempt')),
    licensee text not null, station text not null, callSign text not null, service text not null,
    centerHz real not null, bandwidthHz real not null check (bandwidthHz >= 0),
    lat real, lon real, radiusKm real, validFromMs real, validUntilMs real,
    designator text not null, conditions text not null
  ) strict`,
  `create index assignmentsBySource on assignments (source)`,
  `create index assignmentsByCenter on assignments (centerHz)`,

  `create table emissions (
    number integer primary key, id text not null unique, receiver text not null,
    firstSeenMs real not null, lastSeenMs real not null,
    activeSeconds real not null, bursts integer not null, onAir integer not null check (onAir in (0, 1)),
    centerHz real not null, peakHz real not null, lowHz real not null, highHz real not null,
    occupiedBandwidthHz real, snrDb real not null, level real not null, unit text not null,
    kind text not null, artefact text, method text, rbwHz real not null,
    verdict text not null, assignment text, reasons text not null
  ) strict`,
  `create index emissionsByTime on emissions (lastSeenMs)`,
  `create index emissionsByReceiver on emissions (receiver, lastSeenMs)`,
  `create index emissionsByVerdict on emissions (verdict, lastSeenMs)`,

  `create table alerts (
    id text primary key, revision integer not null, state text not null, severity text not null,
    verdict text not null, rule text not null, raisedMs real not null, updatedMs real not null,
    evidenceMs real not null, firstSeenMs real not null, lastSeenMs real not null,
    onAir integer not null check (onAir in (0, 1)), centerHz real not null, bandwidthHz real not null,
    level real not null, unit text not null, snrDb real not null, service text not null,
    receivers text not null, emissions text not null, assignment text, reasons text not null,
    acknowledgedBy text, acknowledgedMs real, notes text not null
  ) strict`,
  `create unique index alertsByRevision on alerts (revision)`,
  `create index alertsByState on alerts (state, revision)`,

  `create table spectra (
    receiver text not null, timeMs real not null, startHz real not null, stepHz real not null,
    unit text not null, minLevel real not null, levelStepDb real not null, levels blob not null
  ) strict`,
  `create index spectraByReceiver on spectra (receiver, timeMs)`,
  `create index spectraByTime on spectra (timeMs)`,

  `create table accounts (
    id text primary key, name text not null unique collate nocase, role text not null,
    passwordHash text not null, createdMs real not null, disabled integer not null check (disabled in (0, 1))
  ) strict`,
  `create table sessions (
    tokenHash text primary key, accountId text not null references accounts (id),
    createdMs real not null, lastSeenMs real not null, expiresMs real not null
  ) strict`,
  `create index sessionsByAccount on sessions (accountId)`,
  `create index sessionsByExpiry on sessions (expiresMs)`,
  `create table tokens (
    id text primary key, tokenHash text not null unique, accountId text not null references accounts (id),
    label text not null, createdMs real not null, expiresMs real, lastUsedMs real
  ) strict`,
  `create index tokensByAccount on tokens (accountId)`,
  `create table audit (
    id integer primary key autoincrement, timeMs real not null, by text not null,
    action text not null, subject text not null, detail text not null
  ) strict`,
];

/**
 * Bands as R*Trees, so that "what overlaps 98–99 MHz" reads a few pages of a register of any size.
 * An R*Tree rounds its edges outwards to float32: it narrows the search, the exact columns decide.
 * `number` ties the two: a rowid without a name of its own may change in a VACUUM.
 */
function bandIndex(table: string, index: string, columns: readonly string[], low: string, high: string): string[] {
  const changed = columns.map((column) => `old.${column} <> new.${column}`).join(' or ');
  return [
    `create virtual table ${index} using rtree (id, lowHz, highHz)`,
    `create trigger ${index}Insert after insert on ${table} begin
      insert into ${index} values (new.number, ${low}, ${high});
    end`,
    `create trigger ${index}Update after update of ${columns.join(', ')} on ${table} when ${changed} begin
      update ${index} set lowHz = ${low}, highHz = ${high} where id = new.number;
    end`,
    `create trigger ${index}Delete after delete on ${table} begin
      delete from ${index} where id = old.number;
    end`,
  ];
}

export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    ...STATEMENTS,
    ...bandIndex(
      'assignments',
      'assignmentBands',
      ['centerHz', 'bandwidthHz'],
      'new.centerHz - new.bandwidthHz / 2',
      'new.centerHz + new.bandwidthHz / 2',
    ),
    ...bandIndex('emissions', 'emissionBands', ['lowHz', 'highHz'], 'new.lowHz', 'new.highHz'),
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
