import { type ListPorts, listPorts } from '../../hardware/link/port-list.ts';
import { alertTopic } from '../../hardware/mqtt/protocol.ts';
import { DRIVERS } from '../../hardware/registry.ts';
import { AlertKeeper } from '../alerts/alert-keeper.ts';
import { MqttAlertSink } from '../alerts/mqtt-sink.ts';
import type { Config } from '../config/schema.ts';
import type { Clock, Log, ServiceCounters, Store } from '../core/ports.ts';
import type { Alert, EmissionRecord, ReceiverStatus } from '../core/records.ts';
import type { OrderReply, ReceiverOrder } from '../core/tasking.ts';
import { type KnownReceiver, ReceiverKeeper } from '../ingest/receiver-keeper.ts';
import { TaskingKeeper } from '../ingest/tasking/tasking-keeper.ts';
import { CalibrationKeeper } from '../pipeline/calibration-keeper.ts';
import { CoverageKeeper } from '../pipeline/coverage-keeper.ts';
import type { Estimation } from '../pipeline/estimation.ts';
import { createEstimationPool } from '../pipeline/estimation-pool.ts';
import { LiveHub } from '../pipeline/live-hub.ts';
import { OccupancyKeeper } from '../pipeline/occupancy-keeper.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { LaneLook } from '../pipeline/receiver-lane.ts';
import type { BrokerAccess } from './broker-access.ts';
import { mqttReceivers } from './mqtt-receivers.ts';
import { PortReceivers } from './port-receivers.ts';
import type { Teardown } from './teardown.ts';

export interface ServiceCoreDeps {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly broker: BrokerAccess;
  readonly known: readonly KnownReceiver[];
  /** Serial ports of this machine; tests have others. */
  readonly listPorts?: ListPorts;
}

/** Emissions of the run before that may go on. */
const RECENT_MS = 3_600_000;
const MOST_RECENT = 4_000;

/** From the broker and the ports to the alerts: the parts through which samples become matters for people, joined. */
export class ServiceCore {
  readonly hub: LiveHub;
  alerts!: AlertKeeper;
  keeper!: ReceiverKeeper;
  tasking!: TaskingKeeper;
  calibrations!: CalibrationKeeper;
  readonly coverage: CoverageKeeper;
  readonly occupancy: OccupancyKeeper;
  private readonly deps: ServiceCoreDeps;
  private readonly driver: ReturnType<typeof DRIVERS.mqtt>;
  private readonly ports: PortReceivers;
  private readonly sink: MqttAlertSink;
  private readonly estimation: Estimation;
  private readonly pipeline: Pipeline;
  private readonly startedMs: number;

  private constructor(deps: ServiceCoreDeps) {
    const { config, clock, broker, log } = deps;
    const { prefix } = config.mqtt;
    const service = config.service.name;
    this.deps = deps;
    this.startedMs = clock.nowMs();
    this.hub = new LiveHub(this, log);
    this.driver = DRIVERS.mqtt({
      ...broker,
      ...mqttReceivers(config),
      prefix,
      service,
      log,
      onConnected: () => this.sink.retry(),
    });
    this.ports = new PortReceivers(config, { clock, log, list: deps.listPorts ?? listPorts });
    this.sink = new MqttAlertSink({
      topicOf: (id) => alertTopic(prefix, service, id),
      publish: (topic, payload) => this.driver.publish(topic, payload, 1),
      log,
    });
    this.estimation = createEstimationPool(config.pipeline.workers, config.spectrum.backend);
    this.pipeline = this.newPipeline();
    const infoOf = (receiver: string) => this.keeper.infoOf(receiver);
    this.coverage = new CoverageKeeper({ store: deps.store.coverage, clock, log, infoOf });
    const register = () => this.pipeline.registerIndex;
    this.occupancy = new OccupancyKeeper({ store: deps.store.occupancy, log, register });
  }

  /** Nothing flows before `start`. */
  static async open(deps: ServiceCoreDeps): Promise<ServiceCore> {
    const core = new ServiceCore(deps);
    try {
      await core.takeUp(deps);
    } catch (error) {
      await core.estimation.close();
      throw error;
    }
    return core;
  }

  /** What the runs before left in the store. */
  private async takeUp({ config, store, clock, log, known }: ServiceCoreDeps): Promise<void> {
    const { minimumOnAirSeconds, quietMinutes } = config.alerts;
    this.alerts = await AlertKeeper.open({
      store: store.alerts,
      clock,
      log,
      options: { minimumOnAirSeconds, quietMs: quietMinutes * 60_000 },
      tell: (alert, isNew) => this.tellAlert(alert, isNew),
    });
    this.tasking = await TaskingKeeper.open({
      store,
      clock,
      log,
      commanderOf: (receiver) => this.commanderOf(receiver),
      tell: (status) => this.hub.emit('tasking', status),
    });
    this.calibrations = await CalibrationKeeper.open({
      store: store.calibrations,
      clock,
      register: () => this.pipeline.registerIndex,
      infoOf: (receiver) => this.keeper.infoOf(receiver),
    });
    this.keeper = await ReceiverKeeper.open(
      {
        store,
        clock,
        log,
        take: (frame) => {
          this.tasking.frame(frame);
          this.pipeline.take(frame);
        },
        tell: (status) => this.tellReceiver(status),
        forgotten: (id) => this.forget(id),
      },
      known,
    );
    for (const status of this.keeper.list()) this.tasking.receiver(status);
    await this.readRegister();
    // Receivers keep their own time: what is near enough is decided by that of their frames.
    const sinceMs = clock.nowMs() - RECENT_MS;
    this.pipeline.remember(await store.emissions.find({ sinceMs, limit: MOST_RECENT }));
  }

  async start(): Promise<void> {
    await this.driver.start(this.keeper);
    await this.ports.start(this.keeper);
  }

  /** In the order of the data: first what brings frames in, last what works on them. */
  addTo(teardown: Teardown): void {
    teardown.add('estimation', () => this.estimation.close());
    teardown.add('alerts', async () => {
      await this.alerts.idle();
      this.sink.stop();
    });
    teardown.add('coverage', () => this.coverage.stop());
    teardown.add('occupancy', () => this.occupancy.stop());
    teardown.add('pipeline', () => this.pipeline.stop());
    teardown.add('receivers', () => this.keeper.stop());
    teardown.add('tasking', async () => this.tasking.stop());
    teardown.add('driver', () => this.driver.stop());
    teardown.add('ports', () => this.ports.stop());
  }

  async readRegister(): Promise<void> {
    this.pipeline.setRegister(await this.deps.store.assignments.list());
  }

  receivers(): ReceiverStatus[] {
    return this.keeper.list();
  }

  emissions(): EmissionRecord[] {
    return this.pipeline.onAir();
  }

  counters(): ServiceCounters {
    return {
      startedMs: this.startedMs,
      ...this.pipeline.totals,
      alertsRaised: this.alerts.raisedTotal,
      rejected: this.keeper.rejectedTotals(),
    };
  }

  private newPipeline(): Pipeline {
    const { config, store, log } = this.deps;
    return new Pipeline({
      options: { ...config.pipeline, ...config.spectrum, ...config.detection },
      estimation: this.estimation,
      store,
      hub: this.hub,
      log,
      infoOf: (receiver) => this.keeper.infoOf(receiver),
      calibrationOf: (receiver) => this.calibrations.current(receiver),
      observe: (sighting) => void this.alerts.observe(sighting),
      acknowledge: (receiver, kind, sequence) => {
        if (!this.ports.has(receiver)) this.driver.acknowledge(receiver, kind, sequence);
      },
      dropped: (receiver, blocks) => {
        this.keeper.dropped(receiver, blocks);
        this.coverage.dropped(receiver);
      },
      looked: (look) => {
        this.showLook(look);
        this.coverage.looked(look);
        this.occupancy.looked(look);
        this.calibrations.looked(look);
      },
    });
  }

  private showLook({ look, scale, sampleRateHz, noiseFloor }: LaneLook): void {
    this.keeper.looked(look.receiver, {
      lowHz: look.startHz,
      highHz: look.startHz + (look.bins - 1) * look.stepHz,
      sampleRateHz,
      rbwHz: look.rbwHz,
      unit: scale.unit,
      noiseFloor,
      clippedPct: look.samples === 0 ? 0 : (100 * look.clipped) / look.samples,
    });
  }

  private tellAlert(alert: Alert, isNew: boolean): void {
    const { id, rule, centerHz, receivers } = alert;
    if (isNew) this.deps.log.info({ alert: id, rule, centerHz, receivers }, 'alert raised');
    this.hub.emit('alert', alert);
    this.sink.tell(alert);
  }

  private tellReceiver(status: ReceiverStatus): void {
    this.coverage.told(status);
    if (status.state === 'offline') this.pipeline.receiverGone(status.id, this.deps.clock.nowMs());
    this.tasking.receiver(status);
    this.ports.follow(status.id, status.approved);
    this.hub.emit('receiver', status);
  }

  private forget(receiver: string): void {
    this.tasking.forget(receiver);
    this.ports.forget(receiver);
    this.pipeline.receiverGone(receiver, this.deps.clock.nowMs());
    this.hub.emit('forgotten', receiver);
  }

  private commanderOf(receiver: string): ((order: ReceiverOrder) => Promise<OrderReply>) | null {
    if (this.ports.has(receiver)) return this.ports.commanderOf(receiver);
    return (order) => this.driver.command(receiver, order);
  }
}
