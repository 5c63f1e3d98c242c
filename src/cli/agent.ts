import { Command } from 'commander';
import { pino } from 'pino';
import { Agent } from '../../hardware/agent/agent.ts';
import { configErrorLine } from '../config/document.ts';
import { checkAgentConfigFile, loadAgentConfig, readAgentSecrets } from './agent-config.ts';
import { installAgent } from './agent-install.ts';
import { untilAsked } from './until-asked.ts';

interface AgentCall {
  readonly config: string;
  readonly check?: boolean;
  readonly install?: boolean;
  readonly root: string;
}

/** Past this the process ends itself, and with it every program that it started. */
const END_MS = 10_000;

export function agentCommand(): Command {
  return new Command('agent')
    .summary('the program at the antenna')
    .description(
      'Receives with rtl_sdr, hackrf_transfer, rx_sdr, rtl_power, hackrf_sweep, soapy_power or an rtl_tcp server, and ' +
        'publishes over MQTT, until SIGTERM or SIGINT. Log lines go to standard error, one JSON object a line.',
    )
    .requiredOption('--config <file>', 'its configuration in YAML; hardware/agent/README.md has every key')
    .option('--check', 'check the configuration, every error with its line, and end')
    .option('--install', 'install it as a service of systemd, enable and start it')
    .option('--root <dir>', 'with --install: the folder of the system to install into', '/')
    .addHelpText(
      'after',
      `
Examples:
  bandwarden agent --config /etc/bandwarden/agent.yaml --check
  bandwarden agent --config /etc/bandwarden/agent.yaml
  sudo bandwarden agent --config /etc/bandwarden/agent.yaml --install`,
    )
    .action((call: AgentCall) => {
      if (call.check === true) return check(call.config);
      return call.install === true ? install(call) : run(call.config);
    });
}

async function check(file: string): Promise<void> {
  const checked = await checkAgentConfigFile(file);
  if (checked.ok) {
    process.stdout.write(`${file}: no errors\n`);
    return;
  }
  for (const error of checked.errors) process.stderr.write(`${configErrorLine(file, error)}\n`);
  process.exitCode = 2;
}

async function install({ config: file, root }: AgentCall): Promise<void> {
  process.stdout.write(await installAgent(file, await loadAgentConfig(file), root));
}

async function run(file: string): Promise<void> {
  const config = await loadAgentConfig(file);
  const log = pino({ level: config.log.level, base: null }, pino.destination(2));
  const agent = await Agent.start({ config, ...(await readAgentSecrets(config)), log });
  process.stdout.write(`Bandwarden's agent of ${config.receiver}: ${config.source.type} to ${config.mqtt.broker}\n`);
  await untilAsked();
  setTimeout(() => process.exit(1), END_MS).unref();
  await agent.stop();
  process.exit(0);
}
