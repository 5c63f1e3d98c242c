import { portDriver } from '../../hardware/registry.ts';
import type { Config } from '../config/schema.ts';
import type { DriverSink, ReceiverDriver } from '../core/driver.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { OrderReply, ReceiverOrder } from '../core/tasking.ts';

/** The receivers at ports of this machine, each with a driver of its own: what befalls one does not touch the others. */
export class PortReceivers {
  private readonly drivers = new Map<string, ReceiverDriver>();

  constructor({ receivers }: Pick<Config, 'receivers'>, deps: { readonly clock: Clock; readonly log: Log }) {
    for (const receiver of receivers) {
      if (receiver.type !== 'mqtt')
        this.drivers.set(receiver.id, portDriver(receiver, { ...deps, receiver: receiver.id }));
    }
  }

  has(receiver: string): boolean {
    return this.drivers.has(receiver);
  }

  /** null: it is at no port, or its driver has no commands. */
  commanderOf(receiver: string): ((order: ReceiverOrder) => Promise<OrderReply>) | null {
    const driver = this.drivers.get(receiver);
    return driver?.command === undefined ? null : (order) => driver.command!(receiver, order);
  }

  async start(sink: DriverSink): Promise<void> {
    for (const driver of this.drivers.values()) await driver.start(sink);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.drivers.values()].map((driver) => driver.stop()));
  }
}
