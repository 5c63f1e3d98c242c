import type { MqttDriverOptions } from '../../hardware/mqtt/driver.ts';
import type { Config } from '../config/schema.ts';

/** What the configuration says of the receivers over MQTT, as their driver is told. */
export function mqttReceivers({
  receivers,
}: Pick<Config, 'receivers'>): Pick<MqttDriverOptions, 'dialects' | 'vrtByteOrder'> {
  const overMqtt = receivers.filter((receiver) => receiver.type === 'mqtt');
  const orders = new Map(overMqtt.map(({ id, vrtByteOrder }) => [id, vrtByteOrder]));
  return {
    dialects: overMqtt.flatMap(({ id, dialect, topic }) =>
      dialect === 'bandwarden' || topic === null ? [] : { receiver: id, dialect, topic },
    ),
    vrtByteOrder: (receiver) => orders.get(receiver),
  };
}
