import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type AgentConfig, AgentSchema, type AgentStep } from '../../hardware/agent/options.ts';
import { CREDENTIALS } from '../../hardware/agent/systemd-unit.ts';
import { type CheckedDocument, checkDocument, configError, readConfigText } from '../config/document.ts';
import type { Path, Problem } from '../config/shape.ts';
import { BandwardenError } from '../core/errors.ts';

/** What one key of the agent's configuration asks of another. */
function stepProblems(step: AgentStep, path: Path, sweeps: boolean): Problem[] {
  const { centerHz, startHz, stopHz } = step;
  if (centerHz !== undefined) {
    if (startHz !== undefined || stopHz !== undefined)
      return [{ path, message: 'either centerHz or startHz and stopHz' }];
    return sweeps ? [{ path: [...path, 'centerHz'], message: 'this source sweeps: expected startHz and stopHz' }] : [];
  }
  if (startHz === undefined || stopHz === undefined)
    return [{ path, message: 'expected centerHz, or startHz and stopHz' }];
  if (startHz < stopHz) return [];
  return [{ path: [...path, 'stopHz'], message: `expected above startHz, ${startHz}; found ${stopHz}` }];
}

function problemsBetween({ source, plan, mqtt }: AgentConfig): Problem[] {
  const problems: Problem[] = [];
  const sweeps = 'stopHz' in source;
  if (sweeps && source.startHz >= source.stopHz) {
    const message = `expected above startHz, ${source.startHz}; found ${source.stopHz}`;
    problems.push({ path: ['source', 'stopHz'], message });
  }
  problems.push(...plan.flatMap((step, i) => stepProblems(step, ['plan', i], sweeps)));
  if (!URL.canParse(mqtt.broker)) {
    problems.push({
      path: ['mqtt', 'broker'],
      message: `expected a URL such as mqtts://broker:8883, found "${mqtt.broker}"`,
    });
  } else if (new URL(mqtt.broker).password !== '') {
    problems.push({
      path: ['mqtt', 'broker'],
      message: 'a password does not belong in the URL: use mqtt.passwordFile',
    });
  }
  return problems;
}

/** Relative names start at the file's folder; that of the buffer at the service's state folder, where systemd has one. */
function withAbsolutePaths(config: AgentConfig, folder: string, environment: NodeJS.ProcessEnv): AgentConfig {
  const absolute = (name: string | null, from = folder) => (name === null ? null : resolve(from, name));
  const { mqtt, buffer } = config;
  return {
    ...config,
    mqtt: { ...mqtt, passwordFile: absolute(mqtt.passwordFile), caFile: absolute(mqtt.caFile) },
    buffer: { ...buffer, folder: absolute(buffer.folder, environment.STATE_DIRECTORY ?? folder) },
  };
}

/** Checks a text; relative names in it start at `folder`. */
export function checkAgentConfig(
  text: string,
  folder: string,
  environment: NodeJS.ProcessEnv = {},
): CheckedDocument<AgentConfig> {
  const checked = checkDocument<AgentConfig>({ schema: AgentSchema, problemsBetween }, text);
  return checked.ok ? { ok: true, value: withAbsolutePaths(checked.value, folder, environment) } : checked;
}

export async function checkAgentConfigFile(
  file: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<CheckedDocument<AgentConfig>> {
  return checkAgentConfig(await readConfigText(file), dirname(resolve(file)), environment);
}

export async function loadAgentConfig(file: string): Promise<AgentConfig> {
  const checked = await checkAgentConfigFile(file);
  if (checked.ok) return checked.value;
  throw configError(file, checked.errors, 'bandwarden agent --check');
}

export interface AgentSecrets {
  readonly password: string | null;
  readonly ca: string | null;
}

/** As systemd hands them over, else from the files that the configuration names, else from the environment. */
export async function readAgentSecrets(
  { mqtt }: AgentConfig,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<AgentSecrets> {
  const handedOver = (name: string) => join(environment.CREDENTIALS_DIRECTORY ?? '', name);
  const read = async (key: string, file: string | null, credential: string) => {
    if (file === null) return null;
    try {
      return await readFile(environment.CREDENTIALS_DIRECTORY === undefined ? file : handedOver(credential), 'utf8');
    } catch (cause) {
      throw new BandwardenError('bad-config', `mqtt.${key}: cannot read ${file}`, { cause });
    }
  };
  const password = await read('passwordFile', mqtt.passwordFile, CREDENTIALS.password);
  const ca = await read('caFile', mqtt.caFile, CREDENTIALS.ca);
  return { password: password?.replace(/\r?\n$/, '') ?? environment.BANDWARDEN_MQTT_PASSWORD ?? null, ca };
}
