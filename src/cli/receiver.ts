import { Command } from 'commander';
import type { Config } from '../config/schema.ts';
import { BandwardenError } from '../core/errors.ts';
import { isReceiverId } from '../core/frames.ts';
import type { ReceiverRecord } from '../core/records.ts';
import { hashPassword } from '../gateway/auth/passwords.ts';
import { newSecret } from '../gateway/auth/secrets.ts';
import { portsCommand } from './receiver-ports.ts';
import { type StoreWork, withStore } from './with-store.ts';

const UNKNOWN = { model: null, serial: null, location: null, antenna: null, calibrationOffsetDb: null };

/** Who makes a receiver's password by hand lets it in: no approval is asked for again. */
async function approveReceiver({ store, config }: StoreWork, id: string): Promise<void> {
  const known = await store.receivers.get(id);
  const configured = config.receivers.find((receiver) => receiver.id === id);
  const fresh: ReceiverRecord = {
    id,
    name: configured?.name ?? id,
    approved: true,
    info: { ...UNKNOWN, location: configured?.location ?? null, spursHz: [], ranges: [] },
    firstSeenMs: null,
    lastSeenMs: null,
  };
  await store.receivers.put({ ...(known ?? fresh), approved: true });
}

function brokerUrl({ mqtt }: Config): string {
  return mqtt.broker ?? `mqtt://127.0.0.1:${mqtt.port}`;
}

/** What the agent at the antenna needs, as its configuration and in words. */
function credentialsText(config: Config, id: string, password: string): string {
  const { broker, prefix, caFile } = config.mqtt;
  const lines = [
    `broker    ${brokerUrl(config)}`,
    `username  ${id}`,
    `password  ${password}`,
    `topics    ${prefix}/${id}/…`,
    '',
    'The password is shown this once and kept only as a hash; the same command makes a new one.',
    'For the agent (bandwarden agent --config FILE), with what stands at the antenna as its source:',
    '',
    `receiver: ${id}`,
    'mqtt:',
    `  broker: ${brokerUrl(config)}`,
    `  prefix: ${prefix}`,
    `  username: ${id}`,
    '  passwordFile: /etc/bandwarden/mqtt-password   # the password above, mode 0600',
    ...(caFile === null ? [] : [`  caFile: /etc/bandwarden/ca.pem   # a copy of ${caFile}`]),
    'source:',
    '  type: rtl_sdr',
    '  centerHz: 433.92e6',
    '  sampleRateHz: 1024000',
  ];
  if (broker !== null) {
    lines.push('', `Your own broker has to know it too; with Mosquitto:  mosquitto_passwd /etc/mosquitto/passwd ${id}`);
  } else {
    lines.push(
      '',
      'The embedded broker is on this machine only: an agent elsewhere needs a broker of your own, with TLS.',
    );
  }
  return `${lines.join('\n')}\n`;
}

function addCommand(): Command {
  return new Command('add')
    .summary("make a receiver's credentials")
    .description("Makes a receiver's credentials, or new ones, approves it, and prints what its agent needs.")
    .argument('<id>', '1–64 of a-z 0-9 - _')
    .option('--config <file>', 'configuration in YAML; it names the data folder and the broker')
    .addHelpText('after', '\nExample:\n  bandwarden receiver add roof-north')
    .action(async (id: string, { config: file }: { config?: string }) => {
      if (!isReceiverId(id)) {
        throw new BandwardenError(
          'bad-argument',
          `"${id}" is no receiver's id; expected 1–64 of a-z 0-9 - _, not "alerts" or "service"`,
        );
      }
      await withStore(file, async (work) => {
        const { store, clock, config } = work;
        const password = newSecret();
        await store.receiverCredentials.put(id, await hashPassword(password));
        await approveReceiver(work, id);
        const detail = 'by bandwarden receiver add';
        await store.audit.append({ timeMs: clock.nowMs(), by: 'service', action: 'receiver.add', subject: id, detail });
        process.stdout.write(credentialsText(config, id, password));
      });
    });
}

export function receiverCommand(): Command {
  return new Command('receiver')
    .summary('receivers')
    .description('Receivers.')
    .addCommand(addCommand())
    .addCommand(portsCommand());
}
