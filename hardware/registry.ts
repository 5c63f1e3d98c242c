import { type TProperties, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ReceiverDriver } from '../src/core/driver.ts';
import { genericDriver } from './generic/driver.ts';
import type { GenericSettings } from './generic/options.ts';
import type { DeviceOptions } from './link/device-driver.ts';
import { portOpener } from './link/port.ts';
import { MqttDriver, type MqttDriverOptions } from './mqtt/driver.ts';
import { PORT_OPTIONS } from './options.ts';
import { rfExplorerDriver } from './rf-explorer/driver.ts';
import type { RfExplorerSettings } from './rf-explorer/options.ts';
import { rtlTcpDriver } from './rtl-tcp/driver.ts';
import type { RtlTcpSettings } from './rtl-tcp/options.ts';
import { tinySaDriver } from './tinysa/driver.ts';
import type { TinySaSettings } from './tinysa/options.ts';

/** The one table of receiver families: a new one is a folder, a line here and one in options.ts. */
export const DRIVERS = {
  mqtt: (options: MqttDriverOptions) => new MqttDriver(options),
  tinysa: tinySaDriver,
  'rf-explorer': rfExplorerDriver,
  generic: genericDriver,
  'rtl-tcp': rtlTcpDriver,
} satisfies Record<string, (options: never) => ReceiverDriver>;

/** A receiver at a port of this machine, as the configuration names it. */
export type PortReceiver =
  | ({ readonly type: 'tinysa' } & TinySaSettings)
  | ({ readonly type: 'rf-explorer' } & RfExplorerSettings)
  | ({ readonly type: 'generic' } & GenericSettings)
  | ({ readonly type: 'rtl-tcp' } & RtlTcpSettings);

/** A port on USB has a speed, which means nothing there. */
const USB_BAUD_RATE = 115_200;

export function portDriver(
  settings: PortReceiver,
  deps: Pick<DeviceOptions<unknown>, 'receiver' | 'clock' | 'log'>,
): ReceiverDriver {
  switch (settings.type) {
    case 'tinysa':
      return DRIVERS.tinysa({ ...deps, settings, open: portOpener(settings.port, USB_BAUD_RATE) });
    case 'rf-explorer':
      return DRIVERS['rf-explorer']({ ...deps, settings, open: portOpener(settings.port, settings.baudRate) });
    case 'generic':
      return DRIVERS.generic({ ...deps, settings, open: portOpener(settings.port, settings.baudRate) });
    case 'rtl-tcp':
      return DRIVERS['rtl-tcp']({ ...deps, settings, open: portOpener(settings.port, USB_BAUD_RATE) });
  }
}

/** A device that was found at a port, with the defaults of its family; null: not one that is looked for. */
export function foundReceiver(type: string, port: string): PortReceiver | null {
  switch (type) {
    case 'tinysa':
      return { type, ...(withDefaults(PORT_OPTIONS.tinysa, port) as TinySaSettings) };
    case 'rf-explorer':
      return { type, ...(withDefaults(PORT_OPTIONS['rf-explorer'], port) as RfExplorerSettings) };
    default:
      return null;
  }
}

function withDefaults(options: TProperties, port: string): unknown {
  return Value.Default(Type.Object(options), { port });
}
