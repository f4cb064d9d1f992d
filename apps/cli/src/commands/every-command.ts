import { applyCommand } from './apply.js';
import type { Command } from './command.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { keyCommands } from './keys.js';
import { loginCommand } from './login.js';
import { logoutCommand } from './logout.js';
import { planCommand } from './plan.js';
import { tenantCommands } from './tenants.js';
import { trackCommands } from './tracks.js';
import { userCommands } from './users.js';

/** All that the command line can do, in the order of its help. */
export const everyCommand: readonly Command[] = [
  loginCommand,
  logoutCommand,
  planCommand,
  applyCommand,
  exportCommand,
  ...userCommands,
  ...keyCommands,
  ...trackCommands,
  ...tenantCommands,
  doctorCommand,
];
