import { genericOptions } from './generic/options.ts';
import { mqttOptions } from './mqtt/options.ts';
import { rfExplorerOptions } from './rf-explorer/options.ts';
import { rtlTcpOptions } from './rtl-tcp/options.ts';
import { tinySaOptions } from './tinysa/options.ts';

/** What a receiver over MQTT is configured with. */
export const MQTT_OPTIONS = mqttOptions;

/** What a receiver at a port is configured with, by its type: the registry's half that the configuration reads. */
export const PORT_OPTIONS = {
  tinysa: tinySaOptions,
  'rf-explorer': rfExplorerOptions,
  generic: genericOptions,
  'rtl-tcp': rtlTcpOptions,
} as const;
