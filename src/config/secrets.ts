import { readFile } from 'node:fs/promises';
import { BandwardenError } from '../core/errors.ts';
import type { Config } from './schema.ts';

/** The service's password at the broker: from its file, else from the environment, else none. */
export async function mqttPassword(
  { mqtt }: Config,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  if (mqtt.passwordFile === null) return environment.BANDWARDEN_MQTT_PASSWORD || null;
  try {
    const text = await readFile(mqtt.passwordFile, 'utf8');
    return text.replace(/\r?\n$/, '');
  } catch (cause) {
    const message = `mqtt.passwordFile: cannot read ${mqtt.passwordFile}; expected a file with the password`;
    throw new BandwardenError('bad-config', message, { cause });
  }
}
