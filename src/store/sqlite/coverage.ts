import type { Kysely } from 'kysely';
import type { CoverageGap, CoverageRow, GapCause } from '../../core/coverage.ts';
import type { Store } from '../../core/ports.ts';
import type { Tables } from './tables.ts';

/** SQLite takes 32,766 parameters a statement; a row has 12. */
const ROWS_PER_INSERT = 500;

/** Gaps as [ms after the row's beginning, ms long, cause]: a third of the room of objects. */
type PackedGap = readonly [afterMs: number, lengthMs: number, cause: GapCause];

function packed(gaps: readonly CoverageGap[], fromMs: number): string {
  const round = (ms: number) => Math.round(ms * 1000) / 1000;
  return JSON.stringify(
    gaps.map((gap): PackedGap => [round(gap.fromMs - fromMs), round(gap.toMs - gap.fromMs), gap.cause]),
  );
}

function rowOf({ gaps, moreGaps, revisits, clock, ...row }: CoverageRow): Tables['coverage'] {
  return {
    ...row,
    gaps: packed(gaps, row.fromMs),
    moreGaps: JSON.stringify(moreGaps),
    revisits: JSON.stringify(revisits),
    clock: JSON.stringify(clock),
  };
}

function recordOf({ gaps, moreGaps, revisits, clock, ...row }: Tables['coverage']): CoverageRow {
  const unpacked = (JSON.parse(gaps) as PackedGap[]).map(([afterMs, lengthMs, cause]) => {
    const fromMs = row.fromMs + afterMs;
    return { fromMs, toMs: fromMs + lengthMs, cause };
  });
  return {
    ...row,
    gaps: unpacked,
    moreGaps: JSON.parse(moreGaps),
    revisits: JSON.parse(revisits),
    clock: JSON.parse(clock),
  };
}

export function coverageIn(db: Kysely<Tables>): Store['coverage'] {
  return {
    async put(rows) {
      await db.transaction().execute(async (transaction) => {
        for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
          const part = rows.slice(i, i + ROWS_PER_INSERT).map(rowOf);
          const insert = transaction.insertInto('coverage').values(part);
          const key = ['receiver', 'fromMs', 'lowHz', 'highHz', 'kind'] as const;
          await insert
            .onConflict((conflict) =>
              conflict.columns([...key]).doUpdateSet(({ ref }) => ({
                toMs: ref('excluded.toMs'),
                gaps: ref('excluded.gaps'),
                moreGaps: ref('excluded.moreGaps'),
                dwellSeconds: ref('excluded.dwellSeconds'),
                revisits: ref('excluded.revisits'),
                longestRevisitSeconds: ref('excluded.longestRevisitSeconds'),
                clock: ref('excluded.clock'),
              })),
            )
            .execute();
        }
      });
    },
    async find({ receiver, fromMs, toMs }) {
      const rows = await db
        .selectFrom('coverage')
        .selectAll()
        .where('receiver', '=', receiver)
        .where('toMs', '>', fromMs)
        .where('fromMs', '<', toMs)
        .orderBy('fromMs')
        .execute();
      return rows.map(recordOf);
    },
    async prune(beforeMs) {
      const { numDeletedRows } = await db.deleteFrom('coverage').where('toMs', '<', beforeMs).executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
