import type { Sweep } from '../../src/core/frames.ts';
import { SweepCsvReader } from '../../src/formats/sweep-csv.ts';
import type { CountedReject } from '../../src/formats/sweep-reader.ts';

const NEWLINE = 0x0a;

/**
 * `…/sweep/csv`: a message holds one line or several, whole. The last one may come without its newline, as
 * `rtl_power … | mosquitto_pub -l` sends each. The first sweep is given out
 * with the third: only its successors show what is whole.
 */
export class LiveCsv {
  private readonly reader: SweepCsvReader;

  constructor(receiver: string) {
    this.reader = new SweepCsvReader({ receiver, timezone: 'UTC' });
  }

  take(payload: Uint8Array, accept: (sweep: Sweep) => void, refuse: (reject: CountedReject) => void): void {
    const batches = [this.reader.push(payload)];
    if (payload[payload.length - 1] !== NEWLINE) batches.push(this.reader.push('\n'));
    for (const { sweeps, rejects } of batches) {
      for (const reject of rejects) refuse(reject);
      // Those programs number nothing: there is no sequence that could be acknowledged.
      for (const sweep of sweeps) accept({ ...sweep, sequence: null });
    }
  }
}
