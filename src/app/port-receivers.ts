import type { ListPorts } from '../../hardware/link/port-list.ts';
import { foundReceiver, type PortReceiver, portDriver } from '../../hardware/registry.ts';
import type { Config } from '../config/schema.ts';
import type { DriverSink, ReceiverDriver } from '../core/driver.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { FoundPort } from '../core/records.ts';
import type { OrderReply, ReceiverOrder } from '../core/tasking.ts';
import { PortDiscovery } from './port-discovery.ts';

export interface PortReceiversDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly list: ListPorts;
}

/** Who keeps the receivers, and knows those that were found. */
export interface FoundDesk extends DriverSink {
  found(): Array<{ readonly id: string; readonly found: FoundPort; readonly approved: boolean }>;
  offer(names: Iterable<string>, found: FoundPort, model: string): string | null;
}

/** The receivers at ports of this machine, each with a driver of its own: what befalls one does not touch the others. */
export class PortReceivers {
  private readonly deps: PortReceiversDeps;
  private readonly receivers: Config['receivers'];
  private readonly drivers = new Map<string, ReceiverDriver>();
  /** Found at a port rather than configured: open for as long as they are approved. */
  private readonly found = new Map<string, FoundPort>();
  private desk: FoundDesk | null = null;
  private discovery: PortDiscovery | null = null;

  constructor({ receivers }: Pick<Config, 'receivers'>, deps: PortReceiversDeps) {
    this.deps = deps;
    this.receivers = receivers;
    for (const receiver of receivers) {
      if (receiver.type !== 'mqtt') this.add(receiver.id, receiver);
    }
  }

  /** Opens or closes one that was found, as a person decides. */
  follow(receiver: string, approved: boolean): void {
    const found = this.found.get(receiver);
    if (found === undefined || this.desk === null || approved === this.drivers.has(receiver)) return;
    if (approved) {
      const settings = foundReceiver(found.type, found.port);
      if (settings !== null) void this.add(receiver, settings).start(this.desk);
    } else {
      const driver = this.drivers.get(receiver);
      this.drivers.delete(receiver);
      driver?.stop().catch((error: unknown) => {
        this.deps.log.warn({ receiver, error: String(error) }, 'a port could not be closed in order');
      });
    }
  }

  forget(receiver: string): void {
    this.follow(receiver, false);
    this.found.delete(receiver);
  }

  has(receiver: string): boolean {
    return this.drivers.has(receiver) || this.found.has(receiver);
  }

  /** null: it is at no port, or its driver has no commands. */
  commanderOf(receiver: string): ((order: ReceiverOrder) => Promise<OrderReply>) | null {
    const driver = this.drivers.get(receiver);
    return driver?.command === undefined ? null : (order) => driver.command!(receiver, order);
  }

  async start(desk: FoundDesk): Promise<void> {
    this.desk = desk;
    for (const driver of this.drivers.values()) await driver.start(desk);
    for (const { id, found, approved } of desk.found()) {
      this.found.set(id, found);
      this.follow(id, approved);
    }
    this.discovery = new PortDiscovery({
      receivers: this.receivers,
      list: this.deps.list,
      known: () => desk.found().map(({ found }) => found.port),
      offer: (names, found, model) => {
        const id = desk.offer(names, found, model);
        if (id !== null) this.found.set(id, found);
      },
      log: this.deps.log,
    });
    this.discovery.start();
  }

  async stop(): Promise<void> {
    this.desk = null;
    this.discovery?.stop();
    await Promise.all([...this.drivers.values()].map((driver) => driver.stop()));
  }

  private add(receiver: string, settings: PortReceiver): ReceiverDriver {
    const driver = portDriver(settings, { ...this.deps, receiver });
    this.drivers.set(receiver, driver);
    return driver;
  }
}
