import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { Account } from '../../core/records.ts';
import { createAccount } from '../auth/accounts.ts';
import { checkPassword, hashPassword } from '../auth/passwords.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf, requireSession } from '../http/guards.ts';
import { flag, IdParams } from '../schemas/common.ts';
import { AccountSchema, RoleSchema } from '../schemas/records.ts';

const Password = Type.String({ maxLength: 1024 });
const NewBody = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }), role: RoleSchema, password: Password },
  { additionalProperties: false },
);
const ChangeBody = Type.Object(
  { role: Type.Optional(RoleSchema), disabled: Type.Optional(flag), password: Type.Optional(Password) },
  { additionalProperties: false, minProperties: 1 },
);
const AccountAnswer = Type.Object({ account: AccountSchema });

/** The office must never lock itself out. */
async function checkAdministratorStays({ store }: RouteContext, before: Account, after: Account): Promise<void> {
  const active = ({ role, disabled }: Account) => role === 'administrator' && !disabled;
  if (!active(before) || active(after)) return;
  const others = (await store.accounts.list()).filter((account) => account.id !== before.id && active(account));
  if (others.length === 0) throw new BandwardenError('conflict', 'this is the last administrator; make another first');
}

export function accountRoutes(app: Gateway, context: RouteContext): void {
  const { store, audit } = context;

  app.get(
    '/accounts',
    {
      config: { access: 'accounts.manage' },
      schema: {
        tags: ['accounts'],
        summary: 'All accounts',
        response: { 200: Type.Object({ accounts: Type.Array(AccountSchema) }) },
      },
    },
    async () => ({ accounts: await store.accounts.list() }),
  );

  app.post(
    '/accounts',
    {
      config: { access: 'accounts.manage' },
      schema: { tags: ['accounts'], summary: 'Makes an account', body: NewBody, response: { 201: AccountAnswer } },
    },
    async (request, reply) => {
      const by = requireSession(request).account.name;
      const account = await createAccount(context, request.body);
      await audit(by, 'account.add', account.name, account.role);
      return await reply.code(201).send({ account });
    },
  );

  app.patch(
    '/accounts/:id',
    {
      config: { access: 'accounts.manage' },
      schema: {
        tags: ['accounts'],
        summary: 'Changes role or password, disables or enables; ends the sessions of the account',
        params: IdParams,
        body: ChangeBody,
        response: { 200: AccountAnswer },
      },
    },
    async (request) => {
      requireSession(request);
      const { role, disabled, password } = request.body;
      const before = await store.accounts.byId(request.params.id);
      if (before === null) throw new BandwardenError('not-found', `there is no account ${request.params.id}`);
      if (password !== undefined) checkPassword(password);
      const passwordHash = password === undefined ? before.passwordHash : await hashPassword(password);
      const account = { ...before, role: role ?? before.role, disabled: disabled ?? before.disabled, passwordHash };
      await checkAdministratorStays(context, before, account);
      await store.accounts.update(account);
      await store.sessions.removeOfAccount(account.id);
      const changes = Object.entries({ role, disabled, password: password === undefined ? undefined : 'changed' });
      const detail = changes.flatMap(([key, value]) => (value === undefined ? [] : `${key} ${value}`)).join(', ');
      await audit(principalOf(request).account.name, 'account.change', account.name, detail);
      return { account };
    },
  );
}
