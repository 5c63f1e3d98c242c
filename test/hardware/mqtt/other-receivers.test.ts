import mqtt from 'mqtt';
import { describe, expect, it } from 'vitest';
import { startBroker } from '../../../hardware/mqtt/broker.ts';
import { MqttDriver, type MqttDriverOptions } from '../../../hardware/mqtt/driver.ts';
import { encodeInfo, UNKNOWN_INFO } from '../../../hardware/mqtt/protocol.ts';
import { announceTopic, heartbeat } from '../../../hardware/mqtt/radiohound/emulator.ts';
import { spectrogram, spectrogramTopic } from '../../../hardware/mqtt/sdr-hub/emulator.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { describeWith } from '../../support/services.ts';
import { afterTest, type Notebook, QUIET_LOG, started } from '../link/device-bench.ts';
import { device, NOW_NS, ramp, sent } from '../vita49/vrt-bench.ts';

const folder = temporaryFolder();

async function listening(options: Partial<MqttDriverOptions> & { url: string }): Promise<Notebook> {
  const driver = new MqttDriver({ service: 'main', username: 'service', password: 'x', log: QUIET_LOG, ...options });
  const notebook = await started(driver);
  await notebook.until(() => driver.isConnected, 'the connection');
  await new Promise((resolve) => setTimeout(resolve, 100));
  return notebook;
}

describe('a receiver that publishes VITA 49 on …/vrt', () => {
  it('is taken in as blocks, at the level that its contexts refer to', async () => {
    const broker = await startBroker({
      prefix: 'bandwarden/v1',
      port: 0,
      log: QUIET_LOG,
      authenticate: async (name) => (name === 'service' ? { kind: 'service' } : { kind: 'receiver', receiver: name }),
    });
    afterTest(() => broker.close());
    const notebook = await listening({ url: broker.url });
    const client = await mqtt.connectAsync(broker.url, { username: 'roof', password: 'x', protocolVersion: 4 });
    afterTest(() => client.endAsync(true));
    const topic = (leaf: string) => `bandwarden/v1/roof/${leaf}`;
    await client.publishAsync(topic('info'), encodeInfo({ ...UNKNOWN_INFO, model: 'Digitiser' }), { qos: 1 });
    for (const packet of sent(device(), ramp(3 * 8_192))) await client.publishAsync(topic('vrt'), packet);
    await notebook.until(() => notebook.frames.length === 3, 'three blocks');
    expect(notebook.frames[0]).toMatchObject({ kind: 'iq', receiver: 'roof', centerHz: 98.1e6, pairs: 8_192 });
    expect(notebook.frames[2]).toMatchObject({ sequence: 2, timeNs: NOW_NS + 64_000_000n, lostBefore: false });
    expect(notebook.lastInfo).toMatchObject({ model: 'Digitiser', calibrationOffsetDb: -30 });
    expect(notebook).toMatchObject({ rejects: [], lostPackets: 0 });
  });
});

describeWith(['mosquitto'], 'receivers of other systems on a broker of the office’s own', () => {
  it('are taken in beside ours, each under its id', async () => {
    const broker = await startMosquitto({ folder, accounts: { service: 'x', others: 'x' } });
    afterTest(() => broker.stop());
    const notebook = await listening({
      url: broker.url,
      dialects: [
        { receiver: 'nd', dialect: 'radiohound', topic: 'radiohound/clients/+/98f07b24025a/#' },
        { receiver: 'hub', dialect: 'sdr-hub', topic: 'sdr/rtl-1/spectrogram' },
      ],
    });
    const client = await mqtt.connectAsync(broker.url, { username: 'others', password: 'x' });
    afterTest(() => client.endAsync(true));
    const spectrum = spectrogram(Number(NOW_NS / 1_000_000n), 433e6, 1_000, [-90, -40, -91]);
    await client.publishAsync(spectrogramTopic('rtl-2'), spectrum, { qos: 1 });
    await client.publishAsync(spectrogramTopic('rtl-1'), spectrum, { qos: 1 });
    await client.publishAsync(announceTopic('98f07b24025a'), heartbeat('98f07b24025a', 41.69, -86.23), { qos: 1 });
    await notebook.until(() => notebook.lastInfo !== null && notebook.frames.length > 0, 'both');
    expect(notebook.frames).toMatchObject([{ receiver: 'hub', kind: 'sweep', unit: 'dB' }]);
    expect(notebook).toMatchObject({ states: ['online'], rejects: [], lastInfo: { serial: '98f07b24025a' } });
  });
});
