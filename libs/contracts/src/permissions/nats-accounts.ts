import { busUsers, type BusUser, type Contracts, type PermissionOptions } from './permissions.js';

export interface AccountsOptions extends PermissionOptions {
  /** Passwords, or their bcrypt forms, by user; those not given are read from the environment by the server. */
  readonly passwords?: Readonly<Record<string, string>>;
}

/** Questions of one turn share a message and are answered one by one. */
export const maxQuestionsPerMessage = 32;

/** The variable that the NATS server reads a user's password from. */
export const passwordVariable = (user: string): string => `NATS_${user.toUpperCase()}_PASSWORD`;

const list = (subjects: readonly string[]): string =>
  `[\n${subjects.map((subject) => `            ${JSON.stringify(subject)}`).join('\n')}\n          ]`;

/** `allow_responses`: to where the question came from, and no longer than a question may take. */
const answering = `
          allow_responses: { max: ${maxQuestionsPerMessage}, expires: "5s" }`;

const userBlock = ({ user, publish, subscribe, answers }: BusUser, { passwords }: AccountsOptions): string => {
  const given = passwords?.[user];
  return `      {
        user: ${user}
        password: ${given === undefined ? `$${passwordVariable(user)}` : JSON.stringify(given)}
        permissions: {
          publish: { allow: ${list(publish)} }
          subscribe: { allow: ${list(subscribe)} }${answers ? answering : ''}
        }
      }`;
};

/**
 * The part of a nats-server configuration that says who may do what, to be included by the main file. Works with
 * nats-server 2.9 and later.
 */
export function natsAccounts(contracts: Contracts, options: AccountsOptions = {}): string {
  const users = busUsers(contracts, options).map((user) => userBlock(user, options));
  return `# Generated from the contracts of the bus; do not edit. A user without a password in the environment stops the server.
accounts {
  CORSAC {
    jetstream: enabled
    users: [
${users.join('\n')}
    ]
  }
}
`;
}
