import { dirname, resolve } from 'node:path';
import { type CheckedDocument, checkDocument, configError, readConfigText } from './document.ts';
import { problemsBetween } from './rules.ts';
import { type Config, ConfigSchema } from './schema.ts';

export type CheckedConfig =
  | { readonly ok: true; readonly config: Config }
  | Extract<CheckedDocument<Config>, { readonly ok: false }>;

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (name: string | null) => (name === null ? null : resolve(folder, name));
  const { passwordFile, caFile } = config.mqtt;
  return {
    ...config,
    dataDir: resolve(folder, config.dataDir),
    mqtt: { ...config.mqtt, passwordFile: absolute(passwordFile), caFile: absolute(caFile) },
  };
}

/** Checks a configuration's text. Relative paths in it start at `folder`. Never throws for what the text holds. */
export function checkConfig(text: string, folder: string, environment: NodeJS.ProcessEnv = {}): CheckedConfig {
  const checked = checkDocument<Config>({ schema: ConfigSchema, problemsBetween }, text, environment);
  return checked.ok ? { ok: true, config: withAbsolutePaths(checked.value, folder) } : checked;
}

/** Reads and checks a file; null checks what the environment alone says. `bad-config` where it cannot be read. */
export async function checkConfigFile(
  file: string | null,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<CheckedConfig> {
  if (file === null) return checkConfig('', process.cwd(), environment);
  return checkConfig(await readConfigText(file), dirname(resolve(file)), environment);
}

/** The configuration to run with. `bad-config` names the first error and how many more there are. */
export async function loadConfig(file: string | null, environment: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const checked = await checkConfigFile(file, environment);
  if (checked.ok) return checked.config;
  throw configError(file, checked.errors, 'bandwarden check-config');
}
