import { Command } from 'commander';
import { likenessOf } from '../../hardware/known-devices.ts';
import { type ListedPort, listPorts } from '../../hardware/link/port-list.ts';

const COLUMNS = ['PORT', 'TODAY', 'USB', 'DEVICE', 'LOOKS LIKE'] as const;

function rowOf(port: ListedPort): readonly string[] {
  const { path, device, vendorId, productId, manufacturer, product } = port;
  const likeness = likenessOf(port);
  return [
    path,
    device,
    vendorId === null ? '-' : `${vendorId}:${productId}`,
    [manufacturer, product].filter((text) => text !== null).join(' ') || '-',
    likeness === null ? '-' : `${likeness.what} (type: ${likeness.type})`,
  ];
}

/** Ports in columns; a sentence where there are none. */
export function portsTable(ports: readonly ListedPort[]): string {
  if (ports.length === 0) return 'No serial port of a USB device is there.\n';
  const rows = [COLUMNS, ...ports.map(rowOf)];
  const widths = COLUMNS.map((_column, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((text, i) => text.padEnd(widths[i]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

export function portsCommand(): Command {
  return new Command('ports')
    .summary('list serial ports and what they look like')
    .description(
      'Lists the serial ports of this machine and what they look like. The service offers those that look like a ' +
        'known device for approval; others are named in its configuration.',
    )
    .addHelpText('after', '\nExample:\n  bandwarden receiver ports')
    .action(async () => {
      process.stdout.write(portsTable(await listPorts()));
    });
}
