import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { MONOTONIC, MqttReceiverEmulator } from '../../hardware/mqtt/emulator.ts';
import { DEFAULT_PREFIX, UNKNOWN_INFO } from '../../hardware/mqtt/protocol.ts';
import { BandwardenError } from '../core/errors.ts';
import { isReceiverId } from '../core/frames.ts';
import type { Log } from '../core/ports.ts';
import { openRecording } from '../ingest/recordings/open-recording.ts';
import { RECORDING_FORMATS, type Recording, type RecordingFormat } from '../ingest/recordings/recording.ts';
import { frequencyArgument } from './arguments.ts';
import { ProgressBar } from './progress-bar.ts';
import { framesOf, signalSeconds } from './replay-frames.ts';

interface ReplayOptions {
  readonly receiver: string;
  readonly speed: number;
  readonly broker: string;
  readonly prefix: string;
  readonly center?: number;
  readonly rate?: number;
  readonly format: RecordingFormat;
  readonly username?: string;
  readonly passwordFile?: string;
}

const CONNECT_MS = 10_000;
/** Return codes of a CONNACK, MQTT 3.1.1 and 5, that no further attempt will change. */
const REFUSED = [4, 5, 134, 135];

export function replayCommand(): Command {
  return new Command('replay')
    .summary('play a recording back as a receiver over MQTT')
    .description('Plays a recording or a sweep log back as a receiver over MQTT.')
    .argument('<file>', 'recording or sweep log')
    .requiredOption('--receiver <id>', 'id of the receiver that it plays', receiverArgument)
    .option('--speed <x>', 'times as fast as it was recorded', speedArgument, 1)
    .option('--broker <url>', 'MQTT broker', brokerArgument, 'mqtt://127.0.0.1:1883')
    .option('--prefix <topic>', 'prefix of the topics', DEFAULT_PREFIX)
    .option('--center <hz>', 'centre frequency of raw IQ, such as 433.92M', frequencyArgument)
    .option('--rate <hz>', 'sample rate of raw IQ, such as 250k', frequencyArgument)
    .addOption(new Option('--format <f>', 'format of the file').choices(RECORDING_FORMATS).default('auto'))
    .option('--username <name>', "the receiver's account at the broker")
    .option('--password-file <file>', 'file that holds its password')
    .addHelpText(
      'after',
      `
The times of the frames are those of the replay; everything else is the recording's. The receiver must be known to
the service: bandwarden receiver add ID.

Examples:
  bandwarden replay g001_433.92M_250k.cu8 --receiver attic --username attic --password-file attic.password
  bandwarden replay night.csv --receiver roof --speed 60`,
    )
    .action(replay);
}

async function replay(file: string, options: ReplayOptions): Promise<void> {
  const recording = await openRecording(file, {
    format: options.format,
    centerHz: options.center ?? null,
    rateHz: options.rate ?? null,
    timezone: 'UTC',
    receiver: options.receiver,
  });
  try {
    const password = options.passwordFile === undefined ? null : await readPassword(options.passwordFile);
    await play(recording, file, options, password);
    if (recording.complaint !== null) process.stderr.write(`bandwarden: ${recording.complaint}\n`);
  } finally {
    await recording.close();
  }
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new BandwardenError('bad-argument', `--password-file ${file}: a file that can be read expected`, { cause });
  }
}

async function play(
  recording: Recording,
  file: string,
  options: ReplayOptions,
  password: string | null,
): Promise<void> {
  let refused: (reason: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    refused = resolve;
  });
  const connection = new ConnectionLog((reason) => refused(reason));
  const emulator = new MqttReceiverEmulator({
    brokerUrl: options.broker,
    prefix: options.prefix,
    receiver: options.receiver,
    username: options.username ?? null,
    password,
    info: { ...UNKNOWN_INFO, model: `Replay of ${basename(file)}`.slice(0, 128) },
    log: connection,
  });
  try {
    await connected(emulator, connection, failed, options.broker);
    await playFrames(recording, emulator, options.speed, new ProgressBar(basename(file), process.stderr));
  } finally {
    await emulator.stop();
  }
}

async function connected(
  emulator: MqttReceiverEmulator,
  connection: ConnectionLog,
  failed: Promise<string>,
  broker: string,
): Promise<void> {
  const abort = new AbortController();
  const late = MONOTONIC.until(MONOTONIC.nowMs() + CONNECT_MS, abort.signal).then(() => connection.last ?? 'no answer');
  const reason = await Promise.race([emulator.connected.then(() => null), failed, late]);
  abort.abort();
  if (reason !== null) throw new BandwardenError('unavailable', `broker ${broker}: ${reason}`);
}

async function playFrames(
  recording: Recording,
  emulator: MqttReceiverEmulator,
  speed: number,
  progress: ProgressBar,
): Promise<void> {
  const totalSeconds = signalSeconds(recording);
  const startMs = MONOTONIC.nowMs();
  const never = new AbortController().signal;
  let index = 0;
  let playedSeconds = 0;
  for await (const { frame, endSeconds } of framesOf(recording, BigInt(Date.now()) * 1_000_000n)) {
    await MONOTONIC.until(startMs + (endSeconds * 1000) / speed, never);
    await emulator.publish(frame, index++);
    playedSeconds = endSeconds;
    progress.show(playedSeconds, totalSeconds);
  }
  progress.clear();
  if (index === 0) {
    const message = `${recording.file}: ${totalSeconds.toFixed(3)} s of signal; an IQ packet takes at least 0.025 s`;
    throw new BandwardenError('unreadable', message);
  }
  const tookSeconds = (MONOTONIC.nowMs() - startMs) / 1000;
  const { framesSent, framesLost } = emulator.counters;
  process.stdout.write(
    `${framesSent} packets sent, ${framesLost} lost: ${playedSeconds.toFixed(3)} s of signal in ${tookSeconds.toFixed(3)} s\n`,
  );
  if (framesLost > 0)
    throw new BandwardenError('unavailable', `${framesLost} packets found no connection to the broker`);
}

/** Keeps what the connection complained of, to say it should the replay fail by it. */
class ConnectionLog implements Log {
  last: string | null = null;
  readonly #refused: (reason: string) => void;

  constructor(refused: (reason: string) => void) {
    this.#refused = refused;
  }

  warn(fields: { readonly error?: unknown; readonly code?: unknown }): void {
    this.last = String(fields.error ?? '');
    if (REFUSED.includes(Number(fields.code))) this.#refused(this.last);
  }

  error(fields: { readonly error?: unknown }): void {
    this.warn(fields);
  }

  debug(): void {}

  info(): void {}
}

function receiverArgument(text: string): string {
  if (!isReceiverId(text)) throw new InvalidArgumentError('expected 1 to 64 of a-z 0-9 - _');
  return text;
}

function speedArgument(text: string): number {
  const speed = Number(text);
  if (!(speed > 0 && speed <= 1e6)) throw new InvalidArgumentError('expected a number above 0');
  return speed;
}

function brokerArgument(text: string): string {
  if (!/^(mqtts?|wss?):\/\/./.test(text))
    throw new InvalidArgumentError('expected a URL such as mqtt://127.0.0.1:1883');
  return text;
}
