/** What the unit is made of: absolute names, as they will be when it runs. */
export interface UnitSettings {
  readonly receiver: string;
  /** Node, and the file of the command `bandwarden`. */
  readonly program: readonly string[];
  readonly configFile: string;
  readonly passwordFile: string | null;
  readonly caFile: string | null;
  /** Of the buffer on disk, where it is not within the unit's own state folder. */
  readonly writableFolder: string | null;
}

/** Names of the credentials that systemd hands to the agent, which may not read the files themselves. */
export const CREDENTIALS = { password: 'mqtt-password', ca: 'mqtt-ca' } as const;

export function unitName(receiver: string): string {
  return `bandwarden-agent-${receiver}.service`;
}

/** systemd splits at blanks and takes % for its own (systemd.service(5), systemd.unit(5)). */
function quoted(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

/**
 * The agent as a service of systemd: an account of its own for as long as it runs, nothing writable but its state, no
 * device but USB's. Back-off by RestartSteps needs systemd 254; an older one restarts every 5 s.
 */
export function systemdUnit(settings: UnitSettings): string {
  const { receiver, program, configFile, passwordFile, caFile, writableFolder } = settings;
  const isAtHome = [...program, configFile].some((name) => /^\/(?:home|root)\//.test(name));
  const credentials = [
    passwordFile === null ? null : `LoadCredential=${CREDENTIALS.password}:${passwordFile}`,
    caFile === null ? null : `LoadCredential=${CREDENTIALS.ca}:${caFile}`,
  ].filter((line) => line !== null);
  const lines = [
    '[Unit]',
    `Description=Bandwarden agent of receiver ${receiver}`,
    'Wants=network-online.target',
    'After=network-online.target time-sync.target',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[...program, 'agent', '--config', configFile].map(quoted).join(' ')}`,
    'Restart=always',
    'RestartSec=5',
    'RestartSteps=6',
    'RestartMaxDelaySec=120',
    'TimeoutStopSec=15',
    'KillMode=mixed',
    '',
    'DynamicUser=yes',
    'SupplementaryGroups=plugdev',
    `StateDirectory=bandwarden-agent-${receiver}`,
    ...credentials,
    ...(writableFolder === null ? [] : [`ReadWritePaths=${writableFolder}`]),
    'UMask=0077',
    '',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'ProtectSystem=strict',
    `ProtectHome=${isAtHome ? 'read-only' : 'yes'}`,
    'PrivateTmp=yes',
    'ProtectProc=invisible',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectControlGroups=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'LockPersonality=yes',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'DevicePolicy=closed',
    'DeviceAllow=char-usb_device rw',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}
