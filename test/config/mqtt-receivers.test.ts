import { expect, it } from 'vitest';
import { mqttReceivers } from '../../src/app/mqtt-receivers.ts';
import { checkConfig } from '../../src/config/load.ts';

const OWN_BROKER = 'mqtt: { broker: "mqtt://broker:1883" }\n';

function complaints(text: string): string[] {
  const checked = checkConfig(text, '/x');
  return checked.ok ? [] : checked.errors.map(({ message }) => message);
}

it('a receiver of another dialect has a topic and a broker of the office’s own', () => {
  expect(complaints(`${OWN_BROKER}receivers: [{ id: a, dialect: sdr-hub, topic: sdr/+/spectrogram }]`)).toEqual([]);
  expect(complaints(`${OWN_BROKER}receivers: [{ id: a, dialect: sdr-hub }]`)).toEqual([
    expect.stringContaining('expected the topic of the sdr-hub receiver'),
  ]);
  expect(complaints('receivers: [{ id: a, dialect: sdr-hub, topic: sdr/# }]')).toEqual([
    expect.stringContaining('mqtt.broker'),
  ]);
  expect(complaints(`${OWN_BROKER}receivers: [{ id: a, topic: sdr/# }]`)).toEqual([
    expect.stringContaining('only another dialect'),
  ]);
  expect(complaints(`${OWN_BROKER}receivers: [{ id: a, dialect: sdr-hub, topic: 'a#b' }]`)).toHaveLength(1);
});

it('what the configuration says of receivers over MQTT reaches their driver', () => {
  const checked = checkConfig(
    `${OWN_BROKER}receivers:
  - { id: hub, dialect: sdr-hub, topic: sdr/# }
  - { id: difi, vrtByteOrder: little }
  - { id: bench, type: tinysa, port: /dev/ttyACM0, startHz: 88e6, stopHz: 108e6 }`,
    '/x',
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  const { dialects, vrtByteOrder } = mqttReceivers(checked.config);
  expect(dialects).toEqual([{ receiver: 'hub', dialect: 'sdr-hub', topic: 'sdr/#' }]);
  expect(['difi', 'hub', 'bench', 'other'].map((id) => vrtByteOrder?.(id))).toEqual([
    'little',
    'big',
    undefined,
    undefined,
  ]);
});
