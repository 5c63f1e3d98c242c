import type { RegisterIndex } from '../analysis/register-match.ts';
import type { Calibration, CalibrationSighting, LevelProposal, LevelReferences } from '../core/calibration.ts';
import { BandwardenError } from '../core/errors.ts';
import type { CalibrationDesk, CalibrationMeasurement, Clock, Store } from '../core/ports.ts';
import type { Assignment, Location, ReceiverInfo } from '../core/records.ts';
import { robustMedian, StationListener, visibleHalfHz } from '../spectrum/carrier-centre.ts';
import { proposeLevel } from '../spectrum/level-reference.ts';
import type { LaneLook } from './receiver-lane.ts';
import { meanOfRows } from './spectrum-recorder.ts';

export interface CalibrationKeeperDeps {
  readonly store: Store['calibrations'];
  readonly clock: Clock;
  readonly register: () => RegisterIndex;
  readonly infoOf: (receiver: string) => ReceiverInfo | null;
}

/** Weaker ones are pulled by what is beside them. */
const LEAST_SNR_DB = 10;
/** Stations of one measurement: the strongest ones tell enough. */
const MOST_STATIONS = 40;
/** A receiver that sends nothing must not keep a person waiting for ever. */
const PATIENCE = 2.5;
const EARTH_RADIUS_KM = 6371;

/** A measurement under way. */
interface Listening {
  readonly seconds: number;
  fromMs: number | null;
  /** Grid of the looks that are listened to; another tuning is passed over. */
  grid: string;
  gainDb: number | null;
  stations: { readonly row: Assignment; readonly listener: StationListener }[];
  unit: LaneLook['look']['unit'];
  readonly done: () => void;
}

/** Which calibration each receiver has, and the measurement from which a new one is made. */
export class CalibrationKeeper implements CalibrationDesk {
  private readonly deps: CalibrationKeeperDeps;
  /** The latest version of each receiver. */
  private readonly latest = new Map<string, Calibration>();
  private readonly listening = new Map<string, Listening>();
  /** The last measurement of each receiver: what a person looks at while they decide. */
  private readonly measured = new Map<string, CalibrationMeasurement>();
  private measurements = 0;

  private constructor(deps: CalibrationKeeperDeps) {
    this.deps = deps;
  }

  static async open(deps: CalibrationKeeperDeps): Promise<CalibrationKeeper> {
    const keeper = new CalibrationKeeper(deps);
    for (const calibration of await deps.store.list()) {
      if (!keeper.latest.has(calibration.receiver)) keeper.latest.set(calibration.receiver, calibration);
    }
    return keeper;
  }

  current(receiver: string): Calibration | null {
    return this.latest.get(receiver) ?? null;
  }

  async add(calibration: Omit<Calibration, 'id' | 'version'>): Promise<Calibration> {
    const { receiver } = calibration;
    const version = (this.current(receiver)?.version ?? 0) + 1;
    const made = { ...calibration, version, id: `${receiver}/${version}` };
    await this.deps.store.add(made);
    this.latest.set(receiver, made);
    return made;
  }

  async measure(receiver: string, seconds: number): Promise<CalibrationMeasurement> {
    if (this.listening.has(receiver)) {
      throw new BandwardenError('conflict', `the receiver ${receiver} is being measured already`);
    }
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((done) => {
      const nothing = { fromMs: null, grid: '', gainDb: null, stations: [], unit: 'dBFS' as const };
      this.listening.set(receiver, { ...nothing, seconds, done });
      timer = setTimeout(done, PATIENCE * seconds * 1000);
    });
    clearTimeout(timer);
    const heard = this.listening.get(receiver)!;
    this.listening.delete(receiver);
    const measurement = this.resultOf(receiver, heard);
    this.measured.set(receiver, measurement);
    return measurement;
  }

  proposeLevel(receiver: string, measurement: string, references: LevelReferences): LevelProposal {
    const measured = this.measured.get(receiver);
    if (measured?.id !== measurement) {
      throw new BandwardenError('not-found', `the measurement ${measurement} is no longer kept; measure again`);
    }
    const proposal = proposeLevel(measured.sightings, references);
    if (proposal !== null) return proposal;
    const expected = 'a field strength, or the e.r.p. of a station whose distance is known';
    throw new BandwardenError('bad-input', `no reference for any station that was heard; expected ${expected}`);
  }

  looked(laneLook: LaneLook): void {
    const listening = this.listening.get(laneLook.look.receiver);
    if (listening === undefined) return;
    const { look, startMs, endMs } = laneLook;
    const grid = `${look.startHz} ${look.stepHz} ${look.bins}`;
    const isUseless = listening.stations.length === 0 && grid !== listening.grid;
    if (listening.fromMs === null || isUseless) this.begin(listening, laneLook, grid);
    if (grid !== listening.grid) return;
    const mean = meanOfRows(look);
    for (const { listener } of listening.stations) listener.add(mean, startMs);
    if (endMs - listening.fromMs! >= listening.seconds * 1000) listening.done();
  }

  private begin(listening: Listening, { look, startMs }: LaneLook, grid: string): void {
    listening.fromMs = startMs;
    listening.grid = grid;
    listening.gainDb = look.gainDb ?? null;
    listening.unit = look.unit;
    const period = { fromMs: startMs, seconds: listening.seconds };
    const highHz = look.startHz + look.bins * look.stepHz;
    for (const row of this.deps.register().overlapping(look.startHz, highHz)) {
      const halfHz = isBroadcaster(row) ? visibleHalfHz(look, row.centerHz, row.bandwidthHz) : null;
      if (halfHz === null || row.bandwidthHz < 4 * look.stepHz) continue;
      listening.stations.push({ row, listener: new StationListener(look, row.centerHz, halfHz, period) });
    }
  }

  private resultOf(receiver: string, { fromMs, seconds, stations, gainDb, unit }: Listening): CalibrationMeasurement {
    if (fromMs === null) throw new BandwardenError('unavailable', `the receiver ${receiver} sends nothing now`);
    const factor = 1 + (this.current(receiver)?.frequencyCorrectionPpm ?? 0) * 1e-6;
    const place = this.deps.infoOf(receiver)?.location ?? null;
    const sightings = stations
      .flatMap(({ row, listener }): CalibrationSighting[] => {
        const heard = listener.result();
        if (heard === null || heard.snrDb < LEAST_SNR_DB) return [];
        // Looks are on corrected frequencies: a new calibration starts from what the receiver reads.
        const measuredHz = heard.centreHz / factor;
        const distanceKm = distanceTo(row, place);
        return [
          {
            assignment: row.id,
            station: row.station,
            licensedHz: row.centerHz,
            measuredHz,
            deviationHz: heard.deviationHz,
            correctionPpm: (row.centerHz / measuredHz - 1) * 1e6,
            level: heard.level,
            unit,
            snrDb: heard.snrDb,
            gainDb,
            distanceKm,
            freeSpaceDbuVM: distanceKm === null ? null : freeSpaceDbuVM(distanceKm),
          },
        ];
      })
      .sort((a, b) => b.snrDb - a.snrDb)
      .slice(0, MOST_STATIONS);
    if (sightings.length === 0) {
      const why = 'none that the register knows is strong enough and wholly within what it looks at';
      throw new BandwardenError('unavailable', `the receiver ${receiver} hears no licensed broadcaster now: ${why}`);
    }
    this.measurements++;
    const deviations = sightings.map(({ deviationHz, licensedHz }) => (deviationHz / licensedHz) * 1e6);
    const corrections = sightings.map(({ correctionPpm }) => correctionPpm);
    const frequencyPpm = sightings.length < 2 ? null : robustMedian(corrections, deviations);
    const id = `${receiver}-${Math.floor(fromMs).toString(36)}-${this.measurements}`;
    return { id, receiver, fromMs, seconds, sightings, frequencyPpm };
  }
}

function isBroadcaster({ kind, service }: Assignment): boolean {
  return kind === 'assignment' && /broadcast|广播|廣播/i.test(service);
}

/** P.525: E = 106.9 + 10·log10(e.r.p./kW) − 20·log10(d/km) dBµV/m; at 10 m and nearer it means nothing. */
function freeSpaceDbuVM(distanceKm: number): number | null {
  return distanceKm < 0.01 ? null : 106.9 - 20 * Math.log10(distanceKm);
}

/** On the great circle. */
function distanceTo({ lat, lon }: Assignment, place: Location | null): number | null {
  if (place === null || lat === null || lon === null) return null;
  const radians = Math.PI / 180;
  const half = (degrees: number) => Math.sin((degrees * radians) / 2) ** 2;
  const across =
    half(lat - place.lat) + Math.cos(lat * radians) * Math.cos(place.lat * radians) * half(lon - place.lon);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(across));
}
