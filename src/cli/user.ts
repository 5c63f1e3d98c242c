import { Command, Option } from 'commander';
import { ROLES, type Role } from '../core/records.ts';
import { accountName, createAccount } from '../gateway/auth/accounts.ts';
import { askPassword } from './ask-password.ts';
import { withStore } from './with-store.ts';

interface AddOptions {
  readonly role: Role;
  readonly passwordFile?: string;
  readonly config?: string;
}

function addCommand(): Command {
  return new Command('add')
    .summary('make an account')
    .description('Makes an account. The password is asked for on the terminal, or read from a file.')
    .argument('<name>', '1 to 64 letters and digits, with single . _ - @ or spaces between')
    .addOption(new Option('--role <role>', 'what the account may do').choices(ROLES).makeOptionMandatory())
    .option('--password-file <file>', 'file with the password, and nothing else but a line end')
    .option('--config <file>', 'configuration in YAML; it names the data folder')
    .addHelpText(
      'after',
      `
Examples:
  bandwarden user add li --role officer
  bandwarden user add night-desk --role operator --password-file /run/secrets/night-desk`,
    )
    .action(async (name: string, { role, passwordFile, config }: AddOptions) => {
      // A wrong name is told before a password is asked for.
      accountName(name);
      const password = await askPassword(passwordFile);
      await withStore(config, async ({ store, clock }) => {
        const account = await createAccount({ store, clock }, { name, role, password });
        const detail = `${role}, by bandwarden user add`;
        await store.audit.append({
          timeMs: clock.nowMs(),
          by: 'service',
          action: 'account.add',
          subject: account.name,
          detail,
        });
        process.stdout.write(`made the account ${account.name}, ${role}\n`);
      });
    });
}

export function userCommand(): Command {
  return new Command('user').summary('accounts of people').description('Accounts of people.').addCommand(addCommand());
}
