import type { ReceiverDriver } from '../src/core/driver.ts';
import { MqttDriver, type MqttDriverOptions } from './mqtt/driver.ts';

/** The one table of receiver families: a new one is a folder and a line here. */
export const DRIVERS = {
  mqtt: (options: MqttDriverOptions) => new MqttDriver(options),
} satisfies Record<string, (options: never) => ReceiverDriver>;
